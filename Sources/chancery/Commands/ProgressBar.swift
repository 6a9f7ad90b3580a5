import Formats
import Glibc

/// How far one file is, on standard error and only on a terminal.
final class ProgressBar {
  let isShown = isatty(STDERR_FILENO) == 1
  private static let width = 30
  private let name: String
  private let start = Timestamp.now()
  private var isOpen = false

  init(_ name: String) { self.name = name }

  /// Shows what has been done, in words and in percent, with the time that is left at this pace.
  func show(_ what: String, _ percent: Double) {
    guard isShown else { return }
    isOpen = true
    let filled = Int(Double(Self.width) * min(max(percent, 0), 100) / 100)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let spent = Double(Timestamp.now() - start) / 1_000
    let left = percent > 1 ? ", \(Int(spent * (100 - percent) / percent)) s left" : ""
    write("\r\u{1B}[K\(name) [\(bar)] \(Int(percent)) % \(what), \(Int(spent)) s\(left)")
  }

  /// Takes the bar away: the report follows.
  func end() {
    if isOpen { write("\r\u{1B}[K") }
    isOpen = false
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { unsafe _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// What a client needs of an import's record.
struct ImportRecord {
  let id: String
  let goesOn: Bool
  let percent: Double
  let read: Int64

  /// `nil` for anything that is no import.
  init?(_ json: String) {
    let parser = JSONParser(maxDepth: 64)
    defer { withExtendedLifetime(parser) {} }
    var json = json
    guard let node = json.withUTF8({ unsafe try? parser.parse(UnsafeRawBufferPointer($0)) }), let id = node["id"], id.kind == .string,
      let state = node["state"]
    else { return nil }
    self.id = id.string
    goesOn = state.string == "queued" || state.string == "running"
    percent = node["progress"].map { $0.kind == .null ? 0 : $0.real } ?? 0
    read = node["counts"]?["read"]?.integer ?? 0
  }
}
