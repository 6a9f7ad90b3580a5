import Formats
import Glibc

/// The progress of one file, on standard error and only on a terminal.
final class ProgressBar {
  let isShown = isatty(STDERR_FILENO) == 1
  private static let width = 30
  private let name: String
  private let start = Timestamp.now()
  private var isOpen = false

  init(_ name: String) { self.name = name }

  /// Shows the work done, in words and in percent, and the time left at this pace.
  func show(_ what: String, _ percent: Double) {
    guard isShown else { return }
    isOpen = true
    let filled = Int(Double(Self.width) * min(max(percent, 0), 100) / 100)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let spent = Double(Timestamp.now() - start) / 1_000
    let left = percent > 1 ? ", \(Int(spent * (100 - percent) / percent)) s left" : ""
    write("\r\u{1B}[K\(name) [\(bar)] \(Int(percent)) % \(what), \(Int(spent)) s\(left)")
  }

  /// Erases the bar before the report.
  func end() {
    if isOpen { write("\r\u{1B}[K") }
    isOpen = false
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { unsafe _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// What a client needs from an import's record.
struct ImportRecord {
  let id: String
  let goesOn: Bool
  let percent: Double
  let read: Int64

  /// `nil` for JSON that is no import record.
  init?(_ json: String) {
    let parser = JSONParser(maxDepth: 64)
    defer { withExtendedLifetime(parser) {} }
    guard let node = json.withByteView({ try? parser.parse($0) }), let id = node["id"], id.kind == .string,
      let state = node["state"]
    else { return nil }
    self.id = id.string
    goesOn = state.string == "queued" || state.string == "running"
    percent = node["progress"].map { $0.kind == .null ? 0 : $0.real } ?? 0
    read = node["counts"]?["read"]?.integer ?? 0
  }
}
