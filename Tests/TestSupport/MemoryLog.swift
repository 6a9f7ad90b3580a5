package import Formats
import HTTP
import Synchronization

/// A log that a test reads.
package final class MemoryLog: LogSink {
  private let written = Mutex("")

  package init() {}

  package func write(_ lines: ByteBuffer) {
    let text = lines.string
    written.withLock { $0 += text }
  }

  /// The lines so far.
  package var lines: [String] { written.withLock { $0 }.split(separator: "\n").map(String.init) }
}
