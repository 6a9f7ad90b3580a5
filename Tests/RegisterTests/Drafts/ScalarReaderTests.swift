import Formats
import Records
import TestSupport
import Testing

/// Single values against their column, from JSON and from text.
@Suite struct ScalarReaderTests {
  private let reader = ScalarReader()

  /// A column of each kind: what is read of it, or the code of its refusal.
  private func read(_ path: String, text: String) throws -> String {
    let column = try column(path)
    return text.withByteView { bytes in outcome { () throws(Refusal) in try reader.read(column, bytes) } }
  }

  private func read(_ path: String, json: String) throws -> String {
    let (column, document) = (try column(path), ByteBuffer())
    document.append("[\(json)]")
    return try JSONParser.reading(document.bytes, maxDepth: 8) { array in
      var told = ""
      array.forEachElement { node in told = outcome { () throws(Refusal) in try reader.read(column, node) } }
      return told
    }
  }

  private func outcome(_ read: () throws(Refusal) -> Scalar) -> String {
    do throws(Refusal) {
      switch try read() {
      case .integer(let value): return "\(value)"
      case .real(let value): return "\(value)"
      case .text(let text): return "'\(text.string)'"
      }
    } catch { return error.code }
  }

  private func column(_ path: String) throws -> Column {
    let parts = path.split(separator: ".").map(String.init)
    return try #require(Catalogue.shared[parts[0]]?.column(parts[1]))
  }

  @Test(arguments: [
    ("1", "1"), ("5", "5"), ("0", "out_of_range"), ("6", "out_of_range"), ("-1", "out_of_range"), ("+3", "3"), ("03", "3"),
    ("3.0", "malformed_value"),
    ("1e0", "malformed_value"), ("0x1", "malformed_value"), ("", "malformed_value"), (" 3", "malformed_value"), ("３", "malformed_value"),
    ("99999999999999999999", "malformed_value"),
  ])
  func `a whole number as text is within its range`(text: String, told: String) throws {
    #expect(try read("events.importance", text: text) == told)
  }

  @Test(arguments: [
    ("-2.5", "-2.5"), ("10", "10.0"), ("-10", "-10.0"), ("10.0000001", "out_of_range"), ("1e1", "10.0"), ("1E-3", "0.001"), (".5", "0.5"),
    ("0x1", "malformed_value"), ("nan", "malformed_value"), ("inf", "malformed_value"), ("1,5", "malformed_value"), ("", "malformed_value"),
    ("1e999", "malformed_value"), ("0.1234567890123456", "0.1234567890123456"), ("0.123456789012345678", "number_precision"),
    ("00000000000000000001.5", "1.5"), ("--1", "malformed_value"),
  ])
  func `a number as text is decimal, finite and no longer than a double`(text: String, told: String) throws {
    #expect(try read("events.goldstein", text: text) == told)
  }

  @Test func `truth as text is two words or two digits, and in JSON itself only`() throws {
    for (text, told) in [
      ("true", "1"), ("1", "1"), ("false", "0"), ("0", "0"), ("True", "malformed_value"), ("yes", "malformed_value"),
      ("", "malformed_value"),
    ] {
      #expect(try read("events.date_approximate", text: text) == told, "\(text)")
    }
    for (json, told) in [
      ("true", "1"), ("false", "0"), ("1", "wrong_type"), ("\"true\"", "wrong_type"), ("null", "wrong_type"), ("[]", "wrong_type"),
    ] {
      #expect(try read("events.date_approximate", json: json) == told, "\(json)")
    }
  }

  @Test(arguments: [
    ("4", "4"), ("4.0", "4"), ("40e-1", "4"), ("4.5", "wrong_type"), ("\"4\"", "wrong_type"), ("true", "wrong_type"), ("6", "out_of_range"),
  ])
  func `a whole number in JSON may be written as a real`(json: String, told: String) throws {
    #expect(try read("events.importance", json: json) == told)
  }

  @Test(arguments: [
    ("events.type", "visit", "'visit'"), ("events.type", "Visit", "not_a_word"), ("events.type", "", "not_a_word"),
    ("events.cameo_code", "042", "'042'"),
    ("events.start_date", "2024-06-18", "'2024-06-18'"), ("events.start_date", "2024-06", "'2024-06-01'"),
    ("events.start_date", "2024-13", "no_such_date"),
    ("events.start_date", "18.06.2024", "ambiguous"), ("stakeholders.valid_from", "2024-06-18", "'2024-06-18'"),
    ("stakeholders.valid_from", "2024-06", "malformed_value"), ("stakeholders.valid_from", "2023-02-29", "malformed_value"),
    ("assessments.assessed_at", "1970-01-01T00:00:00.001Z", "1"), ("assessments.assessed_at", "1970-01-01T01:00:00+01:00", "0"),
    ("assessments.assessed_at", "1970-01-01", "malformed"), ("events.url", "https://x.org/a?b=c", "'https://x.org/a?b=c'"),
    ("events.url", "HTTP://X", "'HTTP://X'"), ("events.url", "ftp://x", "bad_url"), ("events.url", "https://x y", "bad_url"),
    ("events.url", "javascript:alert(1)", "bad_url"), ("stakeholders.code", "a.B-_9", "'a.B-_9'"),
    ("stakeholders.code", "a b", "bad_handle"),
    ("stakeholders.code", "é", "bad_handle"), ("stakeholders.code", "", "bad_handle"),
    ("stakeholders.code", "evt_0000000000000", "bad_handle"),
    ("stakeholders.code", "aggregate", "bad_handle"), ("events.title", "e\u{301}", "'\u{E9}'"),
    ("events.title", "\u{1}", "control_character"),
    ("events.title", " \t", "empty"), ("events.title", "", "empty"), ("events.title", "a\tb\nc", "'a\tb\nc'"),
    ("events.parent_id", "s/e", "'s/e'"),
    ("events.parent_id", "", "bad_reference"),
  ])
  func `text is what its column takes`(path: String, text: String, told: String) throws {
    #expect(try read(path, text: text) == told)
    // In JSON the same, as a string.
    let buffer = ByteBuffer()
    buffer.append(jsonString: text)
    if try column(path).kind != .timestamp || told != "malformed_value" { #expect(try read(path, json: buffer.string) == told) }
    #expect(try read(path, json: "7") == "wrong_type")
  }

  @Test func `a handle and a URL are as long as they may be, counted in bytes`() throws {
    #expect(try read("stakeholders.code", text: String(repeating: "a", count: 64)).count == 66)
    #expect(try read("stakeholders.code", text: String(repeating: "a", count: 65)) == "bad_handle")
    let url = "https://x.org/"
    #expect(try read("events.url", text: url + String(repeating: "a", count: 2_048 - url.utf8.count)).hasPrefix("'https"))
    #expect(try read("events.url", text: url + String(repeating: "a", count: 2_049 - url.utf8.count)) == "too_long")
    #expect(try read("events.parent_id", text: String(repeating: "a", count: 301)) == "bad_reference")
  }

  @Test func `a word that is none is told with what is meant, or with all there are`() throws {
    let column = try column("events.type")
    let refused = "vist".withByteView { bytes in
      Result { () throws(Refusal) in _ = try reader.read(column, bytes) }
    }
    guard case .failure(let refusal) = refused else { return #expect(Bool(false), "taken") }
    #expect(refusal.detail == "\"vist\" is not one of event_type; did you mean \"visit\"?" && refusal.allowed == column.words)
  }
}
