package import Formats
internal import HTTP
internal import Locks

/// Writes the lines of all threads to one descriptor, each line whole.
///
/// Never blocks: one thread writes at a time, outside the lock, and also writes what others add meanwhile. Bytes that a full pipe does not
/// accept are kept up to a limit; lines beyond it, and lines that the descriptor refuses, are counted, and the next line that gets through
/// reports the count.
package final class LineWriter: LogSink, @unchecked Sendable {
  // Sendable holds because only the thread that has set `isWriting` touches `sending` and `told`.

  private struct State {
    let waiting = ByteBuffer(capacity: 4_096)
    var lost = 0
    var isWriting = false
  }

  private let target: LogTarget
  private let maxKeptBytes: Int
  private let state = Locked(State())
  private let sending = ByteBuffer(capacity: 4_096)
  /// The number of lost lines reported by the last line of `sending`; 0 without such a line.
  private var told = 0

  /// - Parameters:
  ///   - descriptor: a file, pipe, socket or terminal, owned by the caller.
  ///   - maxKeptBytes: the most bytes of unwritten lines; lines beyond it are lost.
  package init(descriptor: Int32, maxKeptBytes: Int = 1_048_576) {
    target = LogTarget(descriptor: descriptor)
    self.maxKeptBytes = maxKeptBytes
  }

  /// Writes whole lines without blocking; any thread may call it.
  package func write(_ lines: ByteBuffer) {
    guard begin(adding: lines) else { return }
    while next(), send() {}
  }

  /// Queues the lines.
  ///
  /// - Returns: whether the caller must write; if not, another thread does.
  private func begin(adding lines: ByteBuffer) -> Bool {
    state.withLock { state in
      if state.waiting.count + lines.count <= maxKeptBytes { state.waiting.append(lines) } else { state.lost += lineCount(lines) }
      defer { state.isWriting = true }
      return !state.isWriting
    }
  }

  /// Takes what is to be written next, unless some of the last batch is left.
  ///
  /// - Returns: whether there is anything to write; if not, writing has ended.
  private func next() -> Bool {
    state.withLock { state in
      if sending.isEmpty {
        sending.append(state.waiting)
        state.waiting.clear(keeping: 65_536)
        tellLost(&state.lost)
      }
      state.isWriting = !sending.isEmpty
      return !sending.isEmpty
    }
  }

  private func tellLost(_ lost: inout Int) {
    guard lost > 0 else { return }
    Log.line("log", "\(lost) log lines were lost, because they could not be written", to: sending)
    told = lost
    lost = 0
  }

  /// Writes what can be written now.
  ///
  /// - Returns: whether more may be written now; if not, writing has ended.
  private func send() -> Bool {
    let (written, isBroken) = sending.withView { unsafe target.write($0.unsafeBytes) }
    sending.removeFirst(written)
    let isFull = !sending.isEmpty && !isBroken
    let lost = isBroken ? lineCount(sending) + max(told - 1, 0) : 0
    if isBroken { sending.clear(keeping: 65_536) }
    if sending.isEmpty { told = 0 }
    guard isFull || isBroken else { return true }
    state.withLock { state in
      state.lost += lost
      state.isWriting = false
    }
    return false
  }

  private func lineCount(_ lines: ByteBuffer) -> Int {
    lines.withSpan { bytes in
      var count = 0
      for index in bytes.indices where bytes[index] == 0x0A { count += 1 }
      return count
    }
  }
}
