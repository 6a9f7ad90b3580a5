package import Formats
package import HTTP
internal import SQL

/// Parses a list's query parameters. All faults come back in one 400, each with the nearest valid name.
package final class ListParser {
  private let limits: QueryLimits
  private let buffer = ByteBuffer(capacity: 512)
  private let faults = QueryFaults()
  private let conditions: ConditionReader
  private var seen: Set<String> = []
  /// On-request fields that `include` names.
  private var embedded: Set<String> = []
  /// The value of `stale`; `nil` when absent.
  private var isStaleAllowed: Bool?

  /// Parameters of record lists that figures do not take: they do not change which records are selected.
  package static let ofRecords = ["sort", "fields", "include", "offset", "count", "flatten", "time_format", "csv_safe"]
  private static let general = ofRecords + ["limit", "cursor", "as_of", "filter"]

  /// Names of the parameters of a resource's lists, its fields not included.
  package static func parameters(of resource: Resource, isSearchOn: Bool) -> [String] {
    general + (resource.name == "events" ? ["participant", "dyad", "from", "to"] : []) + (resource.hasPoint ? ["bbox"] : [])
      + (isSearchOn && isSearchable(resource) ? ["q", "stale"] : [])
  }

  private static func isSearchable(_ resource: Resource) -> Bool { resource.isSearchable }

  /// Parameters that a cursor is not bound to: they change neither the rows nor their order.
  private static let shapeless: Set = [
    "cursor", "limit", "offset", "fields", "include", "count", "flatten", "time_format", "csv_safe", "stale",
  ]

  private let search: SearchLimits?

  /// A parser for any number of queries, one after the other.
  ///
  /// - Parameters:
  ///   - names: resolves the records that a query mentions.
  ///   - search: the limits of `q`; `nil` turns search off.
  package init(names: any RecordNames, limits: QueryLimits = QueryLimits(), search: SearchLimits? = nil) {
    self.limits = limits
    self.search = search
    conditions = ConditionReader(names: names, limits: limits, isSearchOn: search != nil, faults: faults)
  }

  /// Parses one query string completely.
  ///
  /// - Parameters:
  ///   - query: the query string as sent, percent-encoded, without `?`.
  ///   - scope: the record that a nested list belongs to.
  ///   - relations: the relations that `include` may name.
  ///   - cursors: checks and opens the cursor.
  ///   - isItem: whether the query is about one record, which shows the on-request fields too.
  /// - Throws: 400 `bad_parameter` with all faults; what `RecordNames` throws.
  package func parse(
    _ query: ByteView, _ resource: Resource, scope: ListQuery.Scope? = nil, relations: [Relation], cursors: CursorSeal,
    isItem: Bool = false
  ) throws -> ListQuery {
    faults.clear()
    conditions.begin()
    seen.removeAll()
    embedded.removeAll()
    isStaleAllowed = nil
    var list = ListQuery(resource)
    list.scope = scope
    list.limits = limits
    list.form.flattened = limits.flattened
    var cursor: String?
    var shape: [(String, String)] = []
    var items = QueryItems(query)
    buffer.clear(keeping: 1 << 16)
    while let item = try items.next(into: buffer) {
      let name = buffer.bytes[item.name].string
      let value = buffer.bytes[item.value].string
      guard seen.insert(name).inserted else {
        faults.repeated(name)
        continue
      }
      guard !value.isEmpty else {
        faults.empty(name)
        continue
      }
      if name == "cursor" { cursor = value } else { try take(name, value, relations, &list) }
      if !Self.shapeless.contains(name) { shape.append((name, value)) }
    }
    finish(&list, isItem)
    list.shape = CursorSeal.shape([resource.name, scope?.name ?? ""] + shape.sorted { $0.0 < $1.0 }.flatMap { [$0.0, $0.1] })
    list.isMomentary = conditions.isMomentary
    guard faults.isEmpty else { throw Problem.badQuery(faults.all) }
    if let cursor { try open(cursor, cursors, &list) }
    return list
  }

  /// The moment of `as_of` in Unix milliseconds, read before `parse` because the path's record is looked up first. `nil` without one, and
  /// for one that `parse` refuses.
  package func asOf(_ query: ByteView) -> Int64? {
    var items = QueryItems(query)
    buffer.clear(keeping: 1 << 16)
    while let item = try? items.next(into: buffer) {
      guard buffer.bytes[item.name] == "as_of" else { continue }
      let text = buffer.bytes[item.value].string
      return (try? RelativeMoment.parse(text, now: Timestamp.now())) ?? (try? Timestamp.parse(text))
    }
    return nil
  }

  /// Resolves the stakeholder code in a parameter that another parser owns.
  ///
  /// - Throws: 400 that names the parameter when there is no such stakeholder.
  package func stakeholder(_ value: String, in parameter: String) throws -> String {
    faults.clear()
    guard let code = try conditions.code(of: word(parameter, value)) else { throw Problem.badQuery(faults.all) }
    return code
  }

  private func finish(_ list: inout ListQuery, _ isItem: Bool) {
    finishSearch(&list)
    if list.sort.isEmpty, list.match == nil { sort(list.resource.defaultSort, &list) }
    chooseColumns(&list, isItem)
    if list.form.isFlat, !list.includes.isEmpty {
      fault("flatten", "conflict", "embedded records have no columns here; request their own list")
    }
    if let from = list.from, let to = list.to, to < from { fault("to", "reversed_range", "to is before from, so no event can match") }
    list.hasLimit = seen.contains("limit")
    if list.asOf != nil, !list.includes.isEmpty {
      fault("include", "conflict", "records are embedded as they are now; with as_of, request their own list")
    }
    if list.asOf != nil, list.conditions.contains(where: \.hasHop) {
      fault("as_of", "conflict", "related records are matched as they are now; with as_of, use only the record's own fields")
    }
    if list.offset > 0, seen.contains("cursor") { fault("offset", "conflict", "offset and cursor exclude each other") }
  }

  /// The columns of `fields`, or all except the on-request ones; plus those that `include` names.
  private func chooseColumns(_ list: inout ListQuery, _ isItem: Bool) {
    let (chosen, all) = (list.columns, list.resource.columns)
    list.columns =
      chosen.isEmpty
      ? isItem || !list.resource.hasColumnsOnRequest ? all : all.filter { !$0.field.has(.onRequest) || embedded.contains($0.name) }
      : chosen + all.filter { column in embedded.contains(column.name) && !chosen.contains { $0 === column } }
    if list.form.isFlat { list.columns = ObjectWriter.flatOrder(list.columns) }
  }

  private func open(_ cursor: String, _ cursors: CursorSeal, _ list: inout ListQuery) throws {
    guard let values = cursors.open(cursor, shape: list.shape), values.count == list.cursorCount else {
      faults.badCursor()
      throw Problem.badQuery(faults.all)
    }
    list.after = values
  }

  // MARK: One parameter

  private static let counts = ListQuery.Count.allCases.map(\.rawValue)
  private static let timeFormats = ["rfc3339", "epoch_ms"]

  private func take(_ name: String, _ value: String, _ relations: [Relation], _ list: inout ListQuery) throws {
    switch name {
    case "sort": sort(value, &list)
    case "fields": fields(value, &list)
    case "include": include(value, relations, &list)
    case "limit": list.limit = faults.number(name, value, in: 1...ListQuery.maxLimit) ?? list.limit
    case "offset": list.offset = faults.number(name, value, in: 0...ListQuery.maxOffset) ?? 0
    case "count":
      let word = faults.word(name, value, of: Self.counts)
      list.count = word.flatMap(ListQuery.Count.init(rawValue:)) ?? .none
    case "as_of":
      list.asOf = conditions.moment(word(name, value))
    case "q" where Self.isSearchable(list.resource): match(value, &list)
    case "stale" where Self.isSearchable(list.resource): isStaleAllowed = faults.flag(name, value)
    case "flatten": list.form.isFlat = faults.flag(name, value)
    case "csv_safe": list.form.isCSVSafe = faults.flag(name, value)
    case "time_format":
      list.form.isEpoch = faults.word(name, value, of: Self.timeFormats) == "epoch_ms"
    case "filter": try filter(name, value, &list)
    case "dyad" where list.resource.name == "events": try dyad(value, &list)
    case "from" where list.resource.name == "events": list.from = conditions.day(word(name, value), isLast: false)
    case "to" where list.resource.name == "events": list.to = conditions.day(word(name, value), isLast: true)
    case "bbox" where list.resource.hasPoint: box(name, value, &list)
    default: try condition(name, value, &list)
    }
  }

  // MARK: Full text

  private func match(_ value: String, _ list: inout ListQuery) {
    guard let search else { return fault("q", "search_off", SearchTerms.isOff) }
    do { list.match = .init(terms: try SearchTerms(value, search)) } catch { fault("q", error.code, error.detail) }
  }

  private func finishSearch(_ list: inout ListQuery) {
    if isStaleAllowed != nil, !seen.contains("q") {
      fault("stale", "conflict", "stale requires q: only the search index can be behind the register")
    }
    guard list.match != nil else { return }
    list.match?.isStaleAllowed = isStaleAllowed ?? false
    if list.asOf != nil { fault("as_of", "conflict", "q searches the current records and cannot be combined with as_of") }
  }

  private func sort(_ value: String, _ list: inout ListQuery) {
    for word in value.commaParts {
      let isDescending = word.hasPrefix("-")
      let name = String(isDescending ? word.dropFirst() : word)
      guard let column = list.resource.column(name), column.isSortable else {
        let sortable = list.resource.columns.filter(\.isSortable).map(\.name)
        fault(
          "sort", "unknown_field", "\(list.resource.name) cannot be sorted by \"\(name)\"\(hint(name, sortable))", allowed: sortable)
        continue
      }
      guard !list.sort.contains(where: { $0.column === column }) else {
        fault("sort", "repeated_value", "\(name) is given twice")
        continue
      }
      list.sort.append(.init(column: column, isDescending: isDescending))
    }
    if list.sort.count > 8 { fault("sort", "too_many", "at most 8 fields") }
  }

  private func fields(_ value: String, _ list: inout ListQuery) {
    for word in value.commaParts {
      guard let column = list.resource.column(String(word)) else {
        let names = list.resource.columns.map(\.name)
        fault("fields", "unknown_field", "\(list.resource.name) have no field \"\(word)\"\(hint(String(word), names))", allowed: names)
        continue
      }
      if !list.columns.contains(where: { $0 === column }) { list.columns.append(column) }
    }
  }

  /// `include=outcomes,outcomes.assessments`: two levels, each named by its relation.
  private func include(_ value: String, _ relations: [Relation], _ list: inout ListQuery) {
    for word in value.commaParts {
      let names = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard names.count <= 2 else {
        fault("include", "too_deep", "\"\(word.prefix(100))\": records are embedded two levels deep")
        continue
      }
      if names.count == 1, list.resource.column(names[0])?.field.has(.onRequest) == true {
        embedded.insert(names[0])
        continue
      }
      include(names, relations, list.resource, "", &list.includes)
    }
  }

  private func include(
    _ names: [String], _ relations: [Relation], _ resource: Resource, _ prefix: String, _ inclusions: inout [ListQuery.Inclusion]
  ) {
    guard let name = names.first else { return }
    // Participants are part of every event.
    let hasParticipants = resource.name == "events"
    if name == "participants", hasParticipants, names.count == 1 { return }
    guard let relation = relations.first(where: { $0.name == name }), let target = Catalogue.shared[relation.resource] else {
      let onRequest = prefix.isEmpty ? resource.columns.filter { $0.field.has(.onRequest) }.map(\.name) : []
      let known = (relations.map(\.name) + onRequest + (hasParticipants ? ["participants"] : [])).map { prefix + $0 }
      let word = prefix + name
      return fault(
        "include", "unknown_relation", "\(resource.name) have no relation \"\(word.prefix(100))\"\(hint(word, known))",
        allowed: known)
    }
    if !inclusions.contains(where: { $0.relation.name == name }) { inclusions.append(.init(relation: relation)) }
    guard names.count > 1, let at = inclusions.firstIndex(where: { $0.relation.name == name }) else { return }
    include(Array(names.dropFirst()), Relation.all(of: target), target, "\(name).", &inclusions[at].nested)
  }

  // MARK: Shorthands of events

  private func dyad(_ value: String, _ list: inout ListQuery) throws {
    let place = QueryPlace("dyad")
    let words = CommaList.items(of: value).map(\.text)
    guard words.count == 2, words[0] != words[1] else {
      return fault("dyad", "malformed_value", "expected two different stakeholders, such as dyad=RUS,PRK")
    }
    let codes = try words.compactMap { try conditions.code(of: .init(text: $0, place: place)) }
    guard codes.count < 2 || codes[0] != codes[1] else {
      return fault("dyad", "malformed_value", "both are \(codes[0]); a dyad needs two different stakeholders")
    }
    for code in codes { list.add(.participation([code])) }
  }

  private func word(_ name: String, _ value: String) -> ConditionReader.Word { .init(text: value, place: QueryPlace(name)) }

  // MARK: Conditions

  /// `field__op=value`, several values with commas between.
  private func condition(_ name: String, _ value: String, _ list: inout ListQuery) throws {
    let (path, word) = split(name)
    var op = Operator.eq
    if let word {
      guard let known = Operator(rawValue: word) else {
        return faults.unknownOperator(name, word, Operator.allCases.map(\.rawValue))
      }
      op = known
    }
    let words = words(name, value, op)
    if let filter = try conditions.read(path, op, words, of: list.resource, at: QueryPlace(name)) { list.add(filter) }
  }

  private func words(_ name: String, _ value: String, _ op: Operator) -> [ConditionReader.Word] {
    guard !op.isPattern, value.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else {
      return [word(name, value)]
    }
    return CommaList.items(of: value).map { .init(text: $0.text, place: QueryPlace(name), written: $0.isQuoted ? $0.written : nil) }
  }

  /// Splits `start_date__gte` into path and operator; `nil` operator for a bare path, which means equality.
  private func split(_ name: String) -> (path: String, op: String?) {
    // By bytes: a search by `Character` took a tenth of the time of parsing a query.
    var isUnderscore = false
    for index in name.utf8.indices {
      if isUnderscore, name.utf8[index] == UInt8(ascii: "_") {
        return (String(name[..<name.utf8.index(before: index)]), String(name[name.utf8.index(after: index)...]))
      }
      isUnderscore = name.utf8[index] == UInt8(ascii: "_")
    }
    return (name, nil)
  }

  /// `filter=`: an expression over the same conditions.
  private func filter(_ name: String, _ text: String, _ list: inout ListQuery) throws {
    guard text.utf8.count <= limits.filterBytes else {
      return fault(name, "too_long", "the expression has \(text.utf8.count) bytes; at most \(limits.filterBytes) are accepted")
    }
    let (resource, conditions) = (list.resource, conditions)
    do {
      let parsed = try FilterParser.parse(text, maxDepth: limits.filterDepth) { written in
        let words = written.values.map { ConditionReader.Word(text: $0.text, place: QueryPlace(name, column: $0.column)) }
        return try conditions.read(written.path, written.op, words, of: resource, at: QueryPlace(name, column: written.column))
      }
      if let parsed { list.add(parsed) }
    } catch let error as FilterParser.Fault {
      faults.add(QueryPlace(name, column: error.column), error.code, error.detail, allowed: error.allowed)
    }
  }

  /// `bbox=west,south,east,north`.
  private func box(_ name: String, _ value: String, _ list: inout ListQuery) {
    let numbers = value.commaParts.map { Double(decimal: $0) ?? .nan }
    guard numbers.count == 4, (-180...180).contains(numbers[0]), (-90...90).contains(numbers[1]), (-180...180).contains(numbers[2]),
      (-90...90).contains(numbers[3])
    else { return fault(name, "malformed_value", "expected four numbers: west,south,east,north in degrees, such as bbox=124,33,132,43") }
    guard numbers[1] <= numbers[3] else { return fault(name, "reversed_range", "south is greater than north, so nothing can match") }
    list.add(.box(.init(west: numbers[0], south: numbers[1], east: numbers[2], north: numbers[3])))
  }

  private func hint(_ word: String, _ words: [String]) -> String { QueryFaults.hint(word, words) }

  private func fault(_ parameter: String, _ code: String, _ detail: String, allowed: [String] = []) {
    faults.add(QueryPlace(parameter), code, detail, allowed: allowed)
  }
}

extension Problem {
  /// 400 `bad_parameter` with all faults of the query.
  package static func badQuery(_ faults: [Fault]) -> Problem {
    Problem(
      status: 400, code: "bad_parameter", title: "The query is invalid", detail: faults.first?.detail, faults: faults,
      hint: "unknown and invalid parameters are never ignored, because that would give a wrong answer")
  }
}

extension String {
  /// The parts between commas, empty ones too. By bytes: a search by `Character` took longer than the rest of parsing a query.
  package var commaParts: [Substring] {
    utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { Substring($0) }
  }

  /// The first occurrence of `text`; `nil` if there is none or `text` is empty.
  package func range(of text: String) -> Range<Index>? {
    guard let first = text.first else { return nil }
    var start = startIndex
    while let at = self[start...].firstIndex(of: first) {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      start = index(after: at)
    }
    return nil
  }
}
