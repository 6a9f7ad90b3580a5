internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// One request's query parameters, read as its operation declares them: typed values.
///
/// Faults are collected, whoever finds them; `check` or `list` throws all of them at once. An invalid value reads as absent.
final class Parameters {
  enum TimeFormat: String, CaseIterable {
    case rfc3339
    case epochMs = "epoch_ms"
  }

  /// Parameters that affect neither the rows nor their order.
  private static let shapeless = ["cursor", "limit", "time_format"]

  /// The names of the filters in the query.
  private(set) var filters: [String] = []
  /// The search terms, if any: the query then runs where the index is.
  private(set) var match: ListQuery.Match?
  /// Whether a filter means something else a moment later.
  private(set) var isMomentary = false
  private let declared: DeclaredParameters
  private var given: [String: String] = [:]
  private let faults = QueryFaults()
  /// The list's parameters as sent, for its parser.
  private lazy var rest = ByteBuffer(capacity: 128)
  private let path: String
  private var shape: [(name: String, value: String)] = []

  /// - Throws: 400 for malformed percent-encoding, invalid UTF-8 and too many parameters.
  init(_ request: Request, _ declared: DeclaredParameters) throws {
    self.declared = declared
    path = request.path.string
    var count = 0
    var position = 0
    let query = request.query
    while position < query.count {
      let end = query.firstIndex(of: UInt8(ascii: "&"), from: position) ?? query.count
      if end > position { count += 1 }
      guard count <= QueryItems.defaultMaxItems else { throw Problem.tooManyParameters(QueryItems.defaultMaxItems) }
      try read(query[position..<end])
      position = end + 1
    }
    for parameter in declared.required where given[parameter.name] == nil {
      fault(parameter.name, "required", "the parameter is required", allowed: parameter.kind.words)
    }
  }

  private func read(_ pair: ByteView) throws {
    var items = QueryItems(pair)
    let text = ByteBuffer(capacity: pair.count + 16)
    guard let item = try items.next(into: text) else { return }
    let (name, value) = text.withView { ($0[item.name].string, $0[item.value].string) }
    if !Self.shapeless.contains(name) { shape.append((name, value)) }
    if let parameter = declared[name] {
      if given.updateValue(value, forKey: name) != nil { faults.repeated(name) } else { check(value, parameter) }
    } else if declared.isOfList(name) {
      filters.append(name)
      if !rest.isEmpty { rest.append(UInt8(ascii: "&")) }
      rest.append(pair)
    } else {
      faults.unknown(name, declared.names)
    }
  }

  private func check(_ value: String, _ parameter: Parameter) {
    guard !value.isEmpty else { return faults.empty(parameter.name) }
    switch parameter.kind {
    case .flag: _ = faults.flag(parameter.name, value)
    case .number(let range): _ = faults.number(parameter.name, value, in: range)
    case .word(let words): _ = faults.word(parameter.name, value, of: words)
    case .words(let words, let most): faults.check(words: value.commaParts, parameter.name, of: words, most: most)
    case .text(let max): _ = faults.text(parameter.name, value, max: max)
    case .own: break
    }
  }

  // MARK: Faults

  func fault(_ name: String, _ code: String, _ detail: String, allowed: [String] = []) {
    faults.add(QueryPlace(name), code, detail, allowed: allowed)
  }

  func unknownOperator(_ name: String, _ word: String, _ known: [String]) { faults.unknownOperator(name, word, known) }

  func notAWord(_ name: String, _ value: String, _ allowed: [String]) { _ = faults.word(name, value, of: allowed) }

  /// - Throws: 400 with all faults, if there are any.
  func check() throws { if !faults.isEmpty { throw Problem.badQuery(faults.all) } }

  // MARK: Values

  /// The value as sent; empty only with a fault.
  subscript(_ name: String) -> String? { given[name] }

  func isGiven(_ name: String) -> Bool { given[name] != nil }

  /// A word of an enumeration.
  func word<Word: RawRepresentable>(_ name: String, _ usual: Word) -> Word where Word.RawValue == String {
    given[name].flatMap(Word.init(rawValue:)) ?? usual
  }

  /// The given words of a declared list.
  func words(_ name: String) -> [String] {
    guard let parameter = declared[name] else { return [] }
    return given[name]?.commaParts.map(String.init).filter(parameter.kind.words.contains) ?? []
  }

  /// A comma-separated list whose members are read elsewhere; duplicates removed.
  func parts(_ name: String) -> [String] {
    var parts: [String] = []
    guard let value = given[name], !value.isEmpty else { return parts }
    for part in value.commaParts.map(String.init) {
      if parts.contains(part) { faults.repeatedValue(name, part) } else { parts.append(part) }
    }
    return parts
  }

  func flag(_ name: String) -> Bool { given[name] == "true" }

  func number(_ name: String) -> Int? {
    guard case .number(let range)? = declared[name]?.kind, let number = given[name].flatMap({ Int($0) }), range.contains(number) else {
      return nil
    }
    return number
  }

  /// A number whose range the configuration sets.
  func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = given[name], !value.isEmpty else { return nil }
    return faults.number(name, value, in: range)
  }

  // MARK: Lists of records

  /// Parses the list's parameters into a query for records.
  ///
  /// - Parameters:
  ///   - relations: those that `include` may name.
  ///   - isItem: whether the query is for one record, which shows fields that lists omit.
  /// - Throws: 400 with the faults of the list's and all other parameters.
  func list(
    _ resource: Resource, _ lists: ListParser, _ cursors: CursorSeal, relations: [Relation] = [], isItem: Bool = false
  ) throws -> ListQuery {
    do {
      let list = try rest.withView {
        try lists.parse($0, resource, relations: relations, cursors: cursors, isItem: isItem)
      }
      try check()
      (match, isMomentary) = (list.match, list.isMomentary)
      return list
    } catch let problem as Problem where problem.status == 400 && !problem.faults.isEmpty && problem.faults != faults.all {
      throw Problem.badQuery(faults.all + problem.faults.map(withOwnNames))
    }
  }

  /// Improves a fault of the list's parser: an unknown name may be a misspelled one of ours, and names for record lists only are not
  /// suggested.
  private func withOwnNames(_ fault: Problem.Fault) -> Problem.Fault {
    guard fault.code == "unknown_parameter", case .parameter(let name) = fault.location else { return fault }
    var fault = fault
    let names = declared.names
    if fault.allowed.isEmpty {
      let refused = ListParser.ofRecords.filter { !names.contains($0) }.map { QueryFaults.hint(naming: $0) }
        .first { fault.detail.hasSuffix($0) }
      guard let refused else { return fault }
      fault.detail.removeLast(refused.count)
    }
    let own = QueryFaults.hint(name, names)
    fault.detail += own
    fault.allowed = own.isEmpty ? names + fault.allowed.filter { !ListParser.ofRecords.contains($0) && !names.contains($0) } : []
    return fault
  }

  // MARK: Pages

  /// `limit` and `cursor` of a list ordered by one number.
  ///
  /// - Parameter shape: what a cursor is bound to.
  /// - Returns: the page's size, and the number of the last row of the page before.
  /// - Throws: 400 with all faults.
  func numberedPage(_ cursors: CursorSeal, _ shape: [UInt8]) throws -> (limit: Int, after: Int64?) {
    let after = number(ofCursor: cursors, shape)
    try check()
    return (number("limit") ?? ListQuery.defaultLimit, after)
  }

  /// `limit` and `cursor` of figures, which are paged by offset; a cursor is valid for its own query only.
  func page(maxRows: Int, _ cursors: CursorSeal) -> FigurePage {
    var page = FigurePage(limit: number("limit", in: 1...maxRows) ?? maxRows)
    page.form.isEpoch = word("time_format", TimeFormat.rfc3339) == .epochMs
    page.offset = number(ofCursor: cursors, cursorShape).flatMap { Int(exactly: $0) } ?? 0
    return page
  }

  /// A cursor's only number.
  private func number(ofCursor cursors: CursorSeal, _ shape: [UInt8]) -> Int64? { keys(ofCursor: cursors, shape, count: 1)?[0].integer }

  /// The keys in the cursor; `nil` without a cursor, and for an invalid one.
  func keys(ofCursor cursors: CursorSeal, _ shape: [UInt8], count: Int) -> Values? {
    guard let cursor = given["cursor"], !cursor.isEmpty else { return nil }
    guard let keys = cursors.open(cursor, shape: shape), keys.count == count else {
      faults.badCursor()
      return nil
    }
    return keys
  }

  /// The cursor of the next page.
  func cursor(after page: FigurePage, _ cursors: CursorSeal) -> String {
    cursors.seal(number: Int64(page.offset + page.limit), shape: cursorShape)
  }

  private lazy var cursorShape: [UInt8] = CursorSeal.shape(
    ["figures", path] + shape.sorted { $0 < $1 }.flatMap { [$0.name, $0.value] })
}
