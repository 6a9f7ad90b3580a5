package import Formats
internal import HTTP
internal import Locks

/// Writes the lines of all loops and of everybody else to one descriptor, each line whole.
///
/// Nobody waits: one thread writes at a time, without the lock, and takes along what others add meanwhile. What a full pipe does not take is kept up to
/// a limit; lines beyond it, and lines that the descriptor refuses, are counted, and the next line that gets through says how many they were.
package final class LineWriter: LogSink, @unchecked Sendable {
  // Sendable holds because `sending` and `told` are touched only by the thread that has set `isWriting`.

  private struct State {
    let waiting = ByteBuffer(capacity: 4_096)
    var lost = 0
    var isWriting = false
  }

  private let target: LogTarget
  private let maxKeptBytes: Int
  private let state = Locked(State())
  private let sending = ByteBuffer(capacity: 4_096)
  /// How many lost lines the last line of `sending` tells of; 0 without such a line.
  private var told = 0

  /// - Parameters:
  ///   - descriptor: a file, a pipe, a socket or a terminal. It stays the caller's.
  ///   - maxKeptBytes: unwritten lines beyond that many bytes are lost.
  package init(descriptor: Int32, maxKeptBytes: Int = 1_048_576) {
    target = LogTarget(descriptor: descriptor)
    self.maxKeptBytes = maxKeptBytes
  }

  package func write(_ lines: ByteBuffer) {
    guard begin(adding: lines) else { return }
    while next(), send() {}
  }

  /// Keeps the lines.
  ///
  /// - Returns: whether the caller is the one who writes; else another thread does.
  private func begin(adding lines: ByteBuffer) -> Bool {
    state.withLock { state in
      if state.waiting.count + lines.count <= maxKeptBytes { state.waiting.append(lines) } else { state.lost += lineCount(lines) }
      defer { state.isWriting = true }
      return !state.isWriting
    }
  }

  /// Takes what is to be written next, unless the last of it is still there.
  ///
  /// - Returns: whether there is anything; if not, the writing has ended.
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
    Log.line("log", "\(lost) lines of the log were lost: they could not be written", to: sending)
    told = lost
    lost = 0
  }

  /// Writes.
  ///
  /// - Returns: whether more may be written now; if not, the writing has ended.
  private func send() -> Bool {
    let (written, isBroken) = unsafe sending.withBytes { unsafe target.write($0) }
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
