internal import Formats
package import HTTP
package import SQL

/// Reads a list's parameters. Whatever is not understood is a 400 that names the nearest thing that would be, all at once.
package final class ListParser {
  private let connection: any Connection
  private let scalars = ScalarReader()
  private let buffer = ByteBuffer(capacity: 512)
  private let lookup = Values()
  private var faults: [Problem.Fault] = []
  private var seen: Set<String> = []
  /// Fields that `include` asks for.
  private var embedded: Set<String> = []
  private var isStaleAllowed = false

  private static let reserved = [
    "sort", "fields", "include", "limit", "offset", "cursor", "count", "as_of", "participant", "dyad", "from", "to",
    "q", "stale",
  ]

  private let search: SearchConfiguration?

  /// - Parameters:
  ///   - connection: where stakeholders that a filter names are looked up.
  ///   - search: the limits of `q`; without them nothing can be searched for.
  package init(connection: any Connection, search: SearchConfiguration? = nil) {
    self.connection = connection
    self.search = search
  }

  /// - Parameters:
  ///   - query: as sent, without `?`.
  ///   - scope: what a nested list is about.
  ///   - relations: what `include` may name.
  ///   - cursors: checks and opens the cursor.
  package func parse(
    _ query: UnsafeRawBufferPointer, _ resource: Resource, scope: ListQuery.Scope? = nil, relations: [Relation], cursors: CursorSeal
  ) throws -> ListQuery {
    faults.removeAll()
    seen.removeAll()
    embedded.removeAll()
    isStaleAllowed = false
    var list = ListQuery(resource)
    list.scope = scope
    var cursor: String?
    var shape: [(String, String)] = []
    var items = unsafe QueryItems(query)
    buffer.clear(keeping: 1 << 16)
    while let item = try items.next(into: buffer) {
      let name = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.name]), as: UTF8.self)
      let value = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.value]), as: UTF8.self)
      guard seen.insert(name).inserted else {
        fault(name, "repeated_parameter", "the parameter is given twice; any of several values is a comma list")
        continue
      }
      guard !value.isEmpty else {
        fault(name, "empty_parameter", "the parameter has no value")
        continue
      }
      if name == "cursor" { cursor = value } else { try take(name, value, relations, &list) }
      if !["cursor", "limit", "offset", "fields", "include", "count", "stale"].contains(name) { shape.append((name, value)) }
    }
    finish(&list)
    list.shape = Array(
      (resource.name + (scope?.name ?? "") + shape.sorted { $0.0 < $1.0 }.map { "\u{1}\($0.0)\u{2}\($0.1)" }.joined()).utf8)
    guard faults.isEmpty else { throw Problem.badQuery(faults) }
    if let cursor { try open(cursor, cursors, &list) }
    return list
  }

  private func finish(_ list: inout ListQuery) {
    finishSearch(&list)
    if list.sort.isEmpty, list.match == nil { sort(list.resource.defaultSort, &list) }
    if list.columns.isEmpty { list.columns = list.resource.columns.filter { !$0.field.has(.onRequest) || embedded.contains($0.name) } }
    if let from = list.from, let to = list.to, to < from { fault("to", "reversed_range", "to is before from: no event can lie there") }
    list.hasLimit = seen.contains("limit")
    if list.asOf != nil, !list.includes.isEmpty {
      fault("include", "conflict", "records are embedded as they are now; with as_of ask for their own list")
    }
    if list.offset > 0, seen.contains("cursor") { fault("offset", "conflict", "offset and cursor exclude each other") }
  }

  private func open(_ cursor: String, _ cursors: CursorSeal, _ list: inout ListQuery) throws {
    guard let values = cursors.open(cursor, shape: list.shape), values.count == list.cursorCount else {
      throw Problem.badParameter(
        "cursor", code: "bad_cursor", "the cursor is not one of this query: filters and sort must stay as they were on the first page")
    }
    list.after = values
  }

  // MARK: One parameter

  private func take(_ name: String, _ value: String, _ relations: [Relation], _ list: inout ListQuery) throws {
    switch name {
    case "sort": sort(value, &list)
    case "fields": fields(value, &list)
    case "include": include(value, relations, &list)
    case "limit": list.limit = number(name, value, 1...ListQuery.maxLimit) ?? list.limit
    case "offset": list.offset = number(name, value, 0...ListQuery.maxOffset) ?? 0
    case "count":
      guard let count = ListQuery.Count(rawValue: value) else {
        return fault(name, "not_a_word", "\"\(value)\" is not a way to count", allowed: ListQuery.Count.allCases.map(\.rawValue))
      }
      list.count = count
    case "as_of":
      do { list.asOf = try Timestamp.parse(value) } catch { fault(name, error.code, error.detail) }
    case "q" where SearchLayout.shared.part(of: list.resource) != nil: match(value, &list)
    case "stale": isStaleAllowed = flag(name, value)
    case "participant" where list.resource.name == "events": try participants(name, value, &list)
    case "dyad" where list.resource.name == "events": try dyad(value, &list)
    case "from" where list.resource.name == "events": list.from = day(name, value)
    case "to" where list.resource.name == "events": list.to = day(name, value, last: true)
    default: try condition(name, value, &list)
    }
  }

  // MARK: Full text

  private func match(_ value: String, _ list: inout ListQuery) {
    guard let search else { return fault("q", "search_off", SearchTerms.isOff) }
    guard let part = SearchLayout.shared.part(of: list.resource) else { return }
    do { list.match = .init(terms: try SearchTerms(value, search), part: part) } catch { fault("q", error.code, error.detail) }
  }

  private func finishSearch(_ list: inout ListQuery) {
    if seen.contains("stale"), !seen.contains("q") { fault("stale", "conflict", "stale goes with q: nothing else is behind the register") }
    guard list.match != nil else { return }
    list.match?.isStaleAllowed = isStaleAllowed
    if list.asOf != nil { fault("as_of", "conflict", "q searches what the register says now; it cannot be put together with as_of") }
  }

  private func flag(_ name: String, _ value: String) -> Bool {
    if value != "true", value != "false" { fault(name, "malformed_value", "true or false is wanted", allowed: ["true", "false"]) }
    return value == "true"
  }

  private func sort(_ value: String, _ list: inout ListQuery) {
    for word in value.split(separator: ",", omittingEmptySubsequences: false) {
      let isDescending = word.hasPrefix("-")
      let name = String(isDescending ? word.dropFirst() : word)
      let sortable = list.resource.columns.filter(\.isSortable)
      guard let column = sortable.first(where: { $0.name == name }) else {
        fault(
          "sort", "unknown_field", "\(list.resource.name) cannot be sorted by \"\(name)\"\(hint(name, sortable.map(\.name)))",
          allowed: sortable.map(\.name))
        continue
      }
      guard !list.sort.contains(where: { $0.column === column }) else { continue }
      list.sort.append(.init(column: column, isDescending: isDescending))
    }
    if list.sort.count > 8 { fault("sort", "too_many", "at most 8 fields") }
  }

  private func fields(_ value: String, _ list: inout ListQuery) {
    for word in value.split(separator: ",", omittingEmptySubsequences: false) {
      guard let column = list.resource.column(String(word)) else {
        let names = list.resource.columns.map(\.name)
        fault("fields", "unknown_field", "\(list.resource.name) have no field \"\(word)\"\(hint(String(word), names))", allowed: names)
        continue
      }
      if !list.columns.contains(where: { $0 === column }) { list.columns.append(column) }
    }
  }

  private func include(_ value: String, _ relations: [Relation], _ list: inout ListQuery) {
    for word in value.split(separator: ",", omittingEmptySubsequences: false) {
      // Participants are part of every event.
      if word == "participants", list.resource.name == "events" { continue }
      if list.resource.column(String(word))?.field.has(.onRequest) == true {
        embedded.insert(String(word))
        continue
      }
      guard let relation = relations.first(where: { $0.name == word }) else {
        let onRequest = list.resource.columns.filter { $0.field.has(.onRequest) }.map(\.name)
        let names = relations.map(\.name) + onRequest + (list.resource.name == "events" ? ["participants"] : [])
        fault(
          "include", "unknown_relation", "nothing called \"\(word)\" belongs to \(list.resource.name)\(hint(String(word), names))",
          allowed: names)
        continue
      }
      list.includes.append(relation)
    }
  }

  // MARK: Shorthands of events

  private func participants(_ name: String, _ value: String, _ list: inout ListQuery) throws {
    let codes = try value.split(separator: ",", omittingEmptySubsequences: false).compactMap { try code(of: String($0), name) }
    list.participants.append(codes)
  }

  private func dyad(_ value: String, _ list: inout ListQuery) throws {
    let words = value.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count == 2, words[0] != words[1] else {
      return fault("dyad", "malformed_value", "two different stakeholders are wanted, as dyad=RUS,PRK")
    }
    let codes = try words.compactMap { try code(of: String($0), "dyad") }
    guard codes.count < 2 || codes[0] != codes[1] else {
      return fault("dyad", "malformed_value", "both are \(codes[0]); two different stakeholders are wanted")
    }
    for code in codes { list.participants.append([code]) }
  }

  /// The code of a stakeholder that exists: a typing error must not look like an empty answer.
  private func code(of mention: String, _ parameter: String) throws -> String? {
    let draft = Draft(Perspectives.resource)
    let column = Perspectives.resource.columns[Perspectives.resource.number("stakeholder")]
    draft.values.set(column.number, text: mention)
    draft.references.append(
      PendingReference(column: column, target: column, element: -1, offset: 0, count: mention.utf8.count))
    try Resolver(connection).resolve(draft)
    guard draft.faults.isEmpty else {
      let meant = try codeMeant(by: mention).map { "; did you mean \($0)?" } ?? "; give a code such as PRK, or an id"
      fault(parameter, "unknown_stakeholder", "there is no stakeholder \"\(mention)\"\(meant)")
      return nil
    }
    return draft.text(column.number)
  }

  private static let byName = SQLText(
    """
    SELECT code FROM stakeholders WHERE code = upper(?1) OR code = lower(?1)
    UNION ALL SELECT code FROM stakeholders WHERE name = ?1 LIMIT 1
    """)

  /// The code of whom a name, or a code in other letters, means.
  private func codeMeant(by mention: String) throws -> String? {
    lookup.reset()
    lookup.append(text: mention)
    return try connection.text(Self.byName, lookup)
  }

  private func day(_ name: String, _ value: String, last: Bool = false) -> String? {
    do throws(DateError) {
      let period = try EDTFDate.parse(value)
      return (last ? period.end : period.start).description
    } catch {
      fault(name, error.code, error.detail)
      return nil
    }
  }

  // MARK: Conditions

  private func condition(_ name: String, _ value: String, _ list: inout ListQuery) throws {
    let (path, word) = split(name)
    guard let op = Operator(rawValue: word) else {
      return fault(
        name, "unknown_operator", "there is no operator \"\(word)\"\(hint(word, Operator.allCases.map(\.rawValue)))",
        allowed: Operator.allCases.map(\.rawValue))
    }
    let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let column = list.resource.column(parts[0]), column.isFilterable else { return unknown(name, parts[0], list.resource) }
    guard parts.count == 2 else { return try add(name, column, nil, op, value, &list) }
    guard let part = column.parts.first(where: { $0.name == parts[1] && $0.isFilterable }) else {
      return unknown(name, parts[1], among: column.parts.filter(\.isFilterable).map { "\(column.name).\($0.name)" })
    }
    try add(name, column, part, op, value, &list)
  }

  /// `start_date__gte` into field and operator; a bare field means equality.
  private func split(_ name: String) -> (String, String) {
    guard let at = name.range(of: "__") else { return (name, "eq") }
    return (String(name[..<at.lowerBound]), String(name[at.upperBound...]))
  }

  private func add(_ name: String, _ column: Column, _ part: Column?, _ op: Operator, _ value: String, _ list: inout ListQuery) throws {
    let typed = part ?? column
    let allowed = Operator.allowed(for: typed)
    guard allowed.contains(op) else {
      return fault(name, "operator_not_allowed", "\(typed.name) does not take \(op.rawValue)", allowed: allowed.map(\.rawValue))
    }
    let values = Values()
    let words =
      op == .like || op == .prefix || op == .contains ? [value[...]] : value.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count <= 500 else { return fault(name, "too_many", "\(words.count) values; at most 500 are taken") }
    // A title may hold a comma: then the whole is one more that it may be.
    let isWholeToo = typed.kind == .text && words.count > 1 && [.eq, .ne, .in, .nin].contains(op)
    if isWholeToo { try append(value, typed, op, name, to: values) }
    if op == .null {
      guard value == "true" || value == "false" else {
        return fault(name, "malformed_value", "true or false is wanted", allowed: ["true", "false"])
      }
      values.append(integer: value == "true" ? 1 : 0)
    } else {
      for word in words { try append(String(word), typed, op, name, to: values) }
    }
    if op == .between, values.count != 2, faults.isEmpty {
      fault(name, "malformed_value", "two values are wanted, the lower and the upper one, with a comma between")
    }
    if op == .between, values.count == 2, isReversed(values[0], values[1]) {
      fault(name, "reversed_range", "the first value is above the second: nothing can lie between them")
    }
    if [.gt, .gte, .lt, .lte].contains(op), values.count != 1, faults.isEmpty { fault(name, "malformed_value", "one value is wanted") }
    list.conditions.append(
      .init(column: column, part: part, op: values.count > 1 && op == .eq ? .in : values.count > 1 && op == .ne ? .nin : op, values: values)
    )
  }

  private func isReversed(_ low: Cell, _ high: Cell) -> Bool {
    guard low.kind == .text, high.kind == .text else { return low.real > high.real }
    return unsafe high.bytes.lexicographicallyPrecedes(low.bytes)
  }

  private func append(_ word: String, _ typed: Column, _ op: Operator, _ name: String, to values: Values) throws {
    if op == .like || op == .prefix || op == .contains { return append(pattern: word, to: values) }
    if typed.kind == .handleOf {
      guard typed.targets != ["stakeholders"] else { return try code(of: word, name).map { values.append(text: $0) } ?? () }
      return values.append(text: word)
    }
    if typed.kind == .target { return values.append(text: word) }
    if typed.kind == .reference || typed.number == StandardColumns.idNumber && typed.name == "id" {
      return try reference(word, typed, name, to: values)
    }
    let scalarColumn = typed.kind == .list ? typed.element ?? typed : typed
    if typed.kind == .date || typed.kind == .period { return period(word, op, name, to: values) }
    var text = word
    let read = text.withUTF8 { bytes in
      Result { () throws(Refusal) in
        switch try unsafe scalars.read(scalarColumn, UnsafeRawBufferPointer(bytes)) {
        case .integer(let value): values.append(integer: value)
        case .real(let value): values.append(real: value)
        case .text(let value): unsafe values.append(text: value)
        }
      }
    }
    if case .failure(let refusal) = read { fault(name, refusal.code, refusal.detail, allowed: refusal.allowed) }
  }

  /// Stored text is NFC, what a keyboard sends need not be.
  private func append(pattern: String, to values: Values) {
    let composed = ByteBuffer(capacity: pattern.utf8.count + 16)
    var pattern = pattern
    pattern.withUTF8 { unsafe normalizedNFC(UnsafeRawBufferPointer($0), into: composed) }
    unsafe composed.withBytes { unsafe values.append(text: $0) }
  }

  /// `2024-06` in a filter means what it says: from its first day, to its last, or all of it.
  private func period(_ word: String, _ op: Operator, _ name: String, to values: Values) {
    do throws(DateError) {
      let period = try EDTFDate.parse(word)
      guard period.start == period.end || [.gt, .gte, .lt, .lte, .between].contains(op) else {
        return fault(
          name, "imprecise_date",
          "\"\(word)\" is more than a day; use \(split(name).0)__between=\(period.start.description),\(period.end.description)"
        )
      }
      let isUpper = op == .gt || op == .lte || (op == .between && values.count == 1)
      values.append(text: (isUpper ? period.end : period.start).description)
    } catch { fault(name, error.code, error.detail) }
  }

  private func reference(_ word: String, _ typed: Column, _ name: String, to values: Values) throws {
    var text = word
    let names = typed.kind == .reference ? typed.targets : []
    let parsed = text.withUTF8 { unsafe Catalogue.shared.parse(id: UnsafeRawBufferPointer($0)) }
    if let parsed, names.isEmpty || names.contains(parsed.resource.name) { return values.append(integer: parsed.id) }
    let found = try text.withUTF8 { try unsafe Resolver(connection).record(UnsafeRawBufferPointer($0), in: names) }
    guard let found else {
      return fault(name, "unknown_reference", "\"\(word)\" is no record of \(names.isEmpty ? "this list" : names.joined(separator: ", "))")
    }
    values.append(integer: found.id)
  }

  private func number(_ name: String, _ value: String, _ range: ClosedRange<Int>) -> Int? {
    guard let number = Int(value), range.contains(number) else {
      fault(name, "out_of_range", "a number from \(range.lowerBound) to \(range.upperBound) is wanted, not \"\(value.prefix(40))\"")
      return nil
    }
    return number
  }

  // MARK: Faults

  private func unknown(_ name: String, _ field: String, _ resource: Resource) {
    let names = resource.columns.filter(\.isFilterable).map(\.name) + Self.reserved
    unknown(name, field, among: names)
  }

  private func unknown(_ name: String, _ field: String, among names: [String]) {
    let hint = hint(field, names)
    fault(name, "unknown_parameter", "there is no parameter \"\(name)\"\(hint)", allowed: hint.isEmpty ? names : [])
  }

  private func hint(_ word: String, _ words: [String]) -> String {
    nearest(word, in: words).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  private func fault(_ parameter: String, _ code: String, _ detail: String, allowed: [String] = []) {
    guard faults.count < 100 else { return }
    faults.append(.init(.parameter(String(parameter.prefix(100))), code: code, detail: detail, allowed: allowed))
  }
}

extension Problem {
  /// 400: parameters that are not understood, all of them.
  package static func badQuery(_ faults: [Fault]) -> Problem {
    Problem(
      status: 400, code: "bad_parameter", title: "The question is not understood", detail: faults.first?.detail, faults: faults,
      hint: "nothing is guessed: an ignored parameter would give a wrong answer")
  }
}

extension String {
  /// The first occurrence of a short text.
  func range(of text: String) -> Range<Index>? {
    guard let first = text.first else { return nil }
    var start = startIndex
    while let at = self[start...].firstIndex(of: first) {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      start = index(after: at)
    }
    return nil
  }
}
