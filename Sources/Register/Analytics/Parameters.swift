internal import Formats
internal import HTTP
internal import Records
internal import SQL

/// The parameters of an analytic: its own, and the filters of the list that it is about, told apart.
///
/// Faults are collected; `check` or `list` tells all of them.
final class Parameters {
  /// What a page of figures starts at and holds.
  package struct Page {
    var limit: Int
    var offset = 0
    /// How values are shown.
    var form = ListQuery.Form()
  }

  private enum TimeFormat: String, CaseIterable {
    case rfc3339
    case epochMs = "epoch_ms"
  }

  /// What neither the rows nor their order depend on.
  private static let shapeless = ["cursor", "limit", "time_format"]

  /// What belongs to lists of records and not to figures.
  private static let ofLists = ["sort", "fields", "include", "offset", "count", "flatten", "time_format", "csv_safe"]

  /// Names of the filters that were given.
  private(set) var filters: [String] = []
  /// What is searched for: then the answer is read where the index is.
  private(set) var match: ListQuery.Match?
  /// Whether a filter means something else a moment later.
  private(set) var isMomentary = false
  private let names: [String]
  private var given: [String: String] = [:]
  private var faults: [Problem.Fault] = []
  /// The filters as they were sent, for the list's parser.
  private let rest = ByteBuffer(capacity: 128)
  private let path: String
  private var shape: [(name: String, value: String)] = []

  /// - Parameters:
  ///   - names: the analytic's own parameters; `limit` and `cursor` come with all.
  ///   - takesFilters: whether others may be filters; if not, each is a fault.
  init(_ request: Request, names: [String], takesFilters: Bool) throws {
    self.names = names + ["limit", "cursor"]
    path = unsafe String(decoding: request.path, as: UTF8.self)
    let pairs = unsafe request.query.split(separator: UInt8(ascii: "&"))
    guard unsafe pairs.count <= QueryItems.defaultMaxItems else {
      throw Problem.badRequest("too_many_parameters", "At most \(QueryItems.defaultMaxItems) parameters are taken.")
    }
    try unsafe pairs.forEach { try unsafe take(UnsafeRawBufferPointer(rebasing: $0), takesFilters) }
  }

  private func take(_ pair: UnsafeRawBufferPointer, _ takesFilters: Bool) throws {
    var items = unsafe QueryItems(pair)
    let text = ByteBuffer(capacity: pair.count + 16)
    guard let item = try items.next(into: text) else { return }
    let bytes = text.array
    let (name, value) = (String(decoding: bytes[item.name], as: UTF8.self), String(decoding: bytes[item.value], as: UTF8.self))
    if !Self.shapeless.contains(name) { shape.append((name, value)) }
    if names.contains(name) {
      if value.isEmpty { fault(name, "empty_parameter", "the parameter has no value") }
      let before = given.updateValue(value, forKey: name)
      if before != nil { fault(name, "repeated_parameter", "the parameter is given twice; any of several values is a comma list") }
    } else if !takesFilters || Self.ofLists.contains(name) {
      unknown(name)
    } else {
      filters.append(name)
      if !rest.isEmpty { rest.append(UInt8(ascii: "&")) }
      unsafe rest.append(pair)
    }
  }

  private func unknown(_ name: String) {
    let hint = QueryFaults.hint(name, names)
    fault(name, "unknown_parameter", "there is no parameter \"\(name)\" here\(hint)", allowed: hint.isEmpty ? names : [])
  }

  func fault(_ name: String, _ code: String, _ detail: String, allowed: [String] = []) {
    guard faults.count < 100 else { return }
    faults.append(.init(.parameter(String(name.prefix(100))), code: code, detail: detail, allowed: allowed))
  }

  /// - Throws: 400 with all faults, if there are any.
  func check() throws { if !faults.isEmpty { throw Problem.badQuery(faults) } }

  /// The filters as a list of records.
  ///
  /// - Throws: 400 with the faults of the filters and of the analytic's own parameters.
  func list(_ resource: Resource, _ lists: ListParser, _ cursors: CursorSeal) throws -> ListQuery {
    do {
      let list = try unsafe rest.withBytes { try unsafe lists.parse($0, resource, relations: [], cursors: cursors) }
      try check()
      (match, isMomentary) = (list.match, list.isMomentary)
      return list
    } catch let problem as Problem where problem.status == 400 && !problem.faults.isEmpty && problem.faults != faults {
      throw Problem.badQuery(faults + problem.faults.map(withOwnNames))
    }
  }

  /// What the list's parser does not know may be a mistyped name of ours; what belongs to lists only is not offered.
  private func withOwnNames(_ fault: Problem.Fault) -> Problem.Fault {
    guard fault.code == "unknown_parameter", case .parameter(let name) = fault.location else { return fault }
    var fault = fault
    if fault.allowed.isEmpty {
      let refused = Self.ofLists.filter { !names.contains($0) }.map { QueryFaults.hint(naming: $0) }.first { fault.detail.hasSuffix($0) }
      guard let refused else { return fault }
      fault.detail.removeLast(refused.count)
    }
    let own = QueryFaults.hint(name, names)
    fault.detail += own
    fault.allowed = own.isEmpty ? names + fault.allowed.filter { !Self.ofLists.contains($0) && !names.contains($0) } : []
    return fault
  }

  // MARK: Values

  subscript(_ name: String) -> String? { given[name] }

  /// One of the words of an enumeration.
  func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ usual: Word) -> Word where Word.RawValue == String {
    guard let value = given[name], !value.isEmpty else { return usual }
    if let word = Word(rawValue: value) { return word }
    notAWord(name, value, Word.allCases.map(\.rawValue))
    return usual
  }

  /// A comma list of words, each once.
  func words(_ name: String) -> [String] {
    var words: [String] = []
    for word in given[name]?.commaParts.map(String.init) ?? [] {
      if words.contains(word) { fault(name, "repeated_value", "\"\(word)\" is there twice") } else { words.append(word) }
    }
    return words
  }

  func notAWord(_ name: String, _ value: String, _ allowed: [String]) {
    let hint = QueryFaults.hint(value, allowed)
    fault(name, "not_a_word", "\"\(value.prefix(100))\" is not taken here\(hint)", allowed: allowed)
  }

  func flag(_ name: String) -> Bool {
    guard let value = given[name], !value.isEmpty else { return false }
    if value != "true" && value != "false" {
      fault(name, "malformed_value", "true or false is wanted, not \"\(value.prefix(40))\"", allowed: ["true", "false"])
    }
    return value == "true"
  }

  func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = given[name], !value.isEmpty else { return nil }
    if let number = Int(value), range.contains(number) { return number }
    fault(name, "out_of_range", "a number from \(range.lowerBound) to \(range.upperBound) is wanted, not \"\(value.prefix(40))\"")
    return nil
  }

  // MARK: Pages

  /// `limit` and `cursor`: figures are paged by their place, for the question that gave the cursor only.
  func page(maxRows: Int, _ cursors: CursorSeal) -> Page {
    var page = Page(limit: number("limit", in: 1...maxRows) ?? maxRows)
    page.form.isEpoch = word("time_format", TimeFormat.rfc3339) == .epochMs
    guard let cursor = given["cursor"], !cursor.isEmpty else { return page }
    if let place = cursors.open(cursor, shape: cursorShape), place.count == 1, let offset = Int(exactly: place[0].integer) {
      page.offset = offset
    } else {
      fault("cursor", "bad_cursor", "the cursor is not one of this question: everything but limit must stay as it was on the first page")
    }
    return page
  }

  /// The cursor of what follows a page.
  func cursor(after page: Page, _ cursors: CursorSeal) -> String {
    let place = Values()
    place.append(integer: Int64(page.offset + page.limit))
    return cursors.seal(place, shape: cursorShape)
  }

  private var cursorShape: [UInt8] {
    CursorSeal.shape(["figures", path] + shape.sorted { $0 < $1 }.flatMap { [$0.name, $0.value] })
  }
}
