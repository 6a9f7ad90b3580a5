internal import Formats
internal import SQL

/// Turns paths, operators and words into typed conditions, alike for `field__op=value` and `filter=`.
///
/// A path is `field`, `field.part` (`participants.role`), or one step to another record followed by either: `event.country` follows a
/// reference field, `outcomes.status` a relation. A refused condition adds to `faults` and is `nil`.
package final class ConditionReader {
  /// One value of a condition and where it is written.
  package struct Word {
    /// The value as text, decoded and unquoted.
    package let text: String
    /// Parameter (and character of an expression) that faults of this value name.
    package let place: QueryPlace
    /// The quoted form in a comma list; `nil` where it equals `text`.
    package var written: String?

    /// A value at a place.
    ///
    /// - Parameter written: the quoted form in a comma list; `nil` where it equals `text`.
    package init(text: String, place: QueryPlace, written: String? = nil) {
      self.text = text
      self.place = place
      self.written = written
    }
  }

  /// Collects what `read` refuses; shared with the parser of the other parameters.
  package let faults: QueryFaults
  private let names: any RecordNames
  private let limits: QueryLimits
  private let isSearchOn: Bool
  private let scalars = ScalarReader()
  private var conditions = 0
  private var values = 0
  private var now: Int64 = 0
  /// Whether a value depends on the current time, not only on the current day.
  package private(set) var isMomentary = false

  /// A reader for any number of queries, one after the other; call `begin` before each.
  ///
  /// - Parameters:
  ///   - names: resolves ids, handles and `source/external_id`.
  ///   - isSearchOn: whether lists take `q`; only then do suggestions offer it.
  package init(names: any RecordNames, limits: QueryLimits, isSearchOn: Bool, faults: QueryFaults) {
    self.names = names
    self.limits = limits
    self.isSearchOn = isSearchOn
    self.faults = faults
  }

  /// Resets the counts and the clock for the next query.
  package func begin() {
    (conditions, values, isMomentary) = (0, 0, false)
    now = Timestamp.now()
  }

  /// Types one condition, the shorthand `participant` included; `nil` after a fault.
  ///
  /// - Parameters:
  ///   - words: at least one; for `null` the one word `true` or `false`.
  ///   - place: where the path is written.
  /// - Throws: what `RecordNames` throws.
  package func read(_ path: String, _ op: Operator, _ words: [Word], of resource: Resource, at place: QueryPlace) throws -> Filter? {
    conditions += 1
    values += words.count
    guard conditions <= limits.conditions else { return refuse(place, "too_many", "at most \(limits.conditions) conditions are accepted") }
    guard values <= limits.values else {
      return refuse(place, "too_many", "at most \(limits.values) values are accepted in all conditions")
    }
    // Fast path: most conditions name a field, and a field's name is unique.
    var target = resource.column(path).flatMap { $0.isFilterable ? Target(owner: resource, column: $0) : nil }
    if target == nil {
      if path == "participant", resource.name == "events" { return try participation(op, words, at: place) }
      if let relation = relation(path, of: resource) { return try existence(of: relation, op, words, at: place) }
      target = self.target(path, of: resource, at: place)
    }
    guard let target else { return nil }
    let allowed = Operator.allowed(for: target.typed)
    guard allowed.contains(op) else {
      return refuse(place, "operator_not_allowed", "\(target.typed.name) does not support \(op.rawValue)", allowed: allowed.map(\.rawValue))
    }
    guard let values = try values(target.typed, of: target.owner, op, words, at: place) else { return nil }
    return .condition(.init(hop: target.hop, column: target.column, part: target.part, op: op.counting(values), values: values))
  }

  // MARK: Paths

  private struct Target {
    var hop: Filter.Hop?
    let owner: Resource
    let column: Column
    var part: Column?
    var typed: Column { part ?? column }
  }

  private func target(_ path: String, of resource: Resource, at place: QueryPlace) -> Target? {
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard names.count > 1, let step = step(names[0], from: resource) else {
      return column(names[...], of: resource, behind: "", at: place) { self.names(of: resource, at: place) }
    }
    let target = column(names[1...], of: step.resource, behind: "\(names[0]).", at: place) { Self.filterable(step.resource) }
    return target.map { Target(hop: step.hop, owner: step.resource, column: $0.column, part: $0.part) }
  }

  /// Resolves a field and an optional part of it.
  private func column(
    _ names: ArraySlice<String>, of resource: Resource, behind prefix: String, at place: QueryPlace, _ known: () -> [String]
  ) -> Target? {
    let name = names.first ?? ""
    guard let column = resource.column(name), column.isFilterable else {
      unknown(prefix + name, known().map { prefix + $0 }, at: place)
      return nil
    }
    guard names.count > 1 else { return Target(owner: resource, column: column) }
    let parts = column.parts.filter(\.isFilterable)
    guard names.count == 2, let part = parts.first(where: { $0.name == names.last }) else {
      unknown(prefix + names.joined(separator: "."), parts.map { "\(prefix)\(name).\($0.name)" }, at: place)
      return nil
    }
    return Target(owner: resource, column: column, part: part)
  }

  /// The resource that a name leads to: by a field that refers to one resource, or by a relation.
  private func step(_ name: String, from resource: Resource) -> (hop: Filter.Hop, resource: Resource)? {
    if let column = resource.column(name) {
      guard column.isFilterable, let target = column.referred.flatMap({ Catalogue.shared[$0] }) else { return nil }
      return (.forward(column, target), target)
    }
    guard let relation = relation(name, of: resource), let target = Catalogue.shared[relation.resource] else { return nil }
    return (.backward(relation), target)
  }

  private func relation(_ name: String, of resource: Resource) -> Relation? {
    resource.column(name) == nil ? Relation.all(of: resource).first { $0.name == name } : nil
  }

  private static func filterable(_ resource: Resource) -> [String] { resource.columns.filter(\.isFilterable).map(\.name) }

  /// Names that are valid as a path, for suggestions.
  private func names(of resource: Resource, at place: QueryPlace) -> [String] {
    let isExpression = place.column != nil
    let inExpressions = resource.name == "events" ? ["participant"] : []
    let shorthands = isExpression ? inExpressions : ListParser.parameters(of: resource, isSearchOn: isSearchOn)
    return Self.filterable(resource) + Relation.all(of: resource).map(\.name) + shorthands
  }

  private func unknown(_ name: String, _ names: [String], at place: QueryPlace) {
    let hint = place.column == nil ? QueryFaults.hint(parameter: name, names) : QueryFaults.hint(name, names)
    let (code, what) = place.column == nil ? ("unknown_parameter", "parameter") : ("unknown_field", "field")
    faults.add(place, code, "there is no \(what) \"\(name.prefix(100))\"\(hint)", allowed: hint.isEmpty ? names : [])
  }

  // MARK: Participation and existence

  /// `participant=RUS,PRK`: at least one of them takes part. `participant=FRA:host`: France is the host.
  private func participation(_ op: Operator, _ words: [Word], at place: QueryPlace) throws -> Filter? {
    guard [.eq, .in, .ne, .nin].contains(op) else {
      return refuse(place, "operator_not_allowed", "participant does not support \(op.rawValue)", allowed: ["eq", "ne", "in", "nin"])
    }
    let isNone = op == .ne || op == .nin
    let actors = try words.compactMap { try actor($0) }
    guard actors.count == words.count else { return nil }
    let who = Filter.participation(actors.map(\.code))
    guard actors.contains(where: { $0.role != nil }) else { return isNone ? .not(who) : who }
    return isNone ? .not(.acting(actors)) : .all([who, .acting(actors)])
  }

  private static let roles = Events.resource[Events.participants].parts.first { $0.name == "role" }.required("events.participants.role")
    .vocabulary

  private func actor(_ word: Word) throws -> Filter.Actor? {
    guard let colon = word.text.utf8.lastIndex(of: UInt8(ascii: ":")), let roles = Self.roles else {
      return try code(of: word).map { Filter.Actor(code: $0) }
    }
    let role = String(word.text[word.text.utf8.index(after: colon)...])
    if roles.words.contains(role) {
      return try code(of: Word(text: String(word.text[..<colon]), place: word.place)).map { Filter.Actor(code: $0, role: role) }
    }
    // `source/external_id` may hold a colon.
    if word.text.utf8.contains(UInt8(ascii: "/")) { return try code(of: word).map { Filter.Actor(code: $0) } }
    faults.add(
      word.place, "not_a_word", "\"\(role.prefix(40))\" is not a role\(QueryFaults.hint(role, roles.words))", allowed: roles.words)
    return nil
  }

  /// `outcomes__null=true`: the record has no outcomes.
  private func existence(of relation: Relation, _ op: Operator, _ words: [Word], at place: QueryPlace) throws -> Filter? {
    guard op == .null, let resource = Catalogue.shared[relation.resource] else {
      let example = Self.filterable(resource: relation.resource).map { "\(relation.name).\($0)" }
      return refuse(place, "no_field", "\(relation.name) is a relation: name a field of its records", allowed: example)
    }
    let id = resource.columns[StandardColumns.idNumber]
    guard let isNull = try values(id, of: resource, .null, words, at: place) else { return nil }
    let isThere = Values()
    isThere.append(integer: 0)
    let some = Filter.condition(.init(hop: .backward(relation), column: id, part: nil, op: .null, values: isThere))
    return isNull[0].integer == 1 ? .not(some) : some
  }

  private static func filterable(resource name: String) -> [String] { Catalogue.shared[name].map(filterable) ?? [] }

  // MARK: Values

  /// Reads the values of one condition.
  ///
  /// - Returns: `nil` when one is refused.
  private func values(_ column: Column, of owner: Resource, _ op: Operator, _ words: [Word], at place: QueryPlace) throws -> Values? {
    let before = faults.all.count
    let values = Values()
    if op == .null {
      appendNull(words, to: values, at: place)
    } else {
      guard !isAmbiguous(words, column, at: place) else { return nil }
      let hasWhole = appendWhole(words, column, op, to: values, at: place)
      // `x,` means the text `x,` or the value `x`: empty texts do not exist.
      for word in words where !(hasWhole && word.text.isEmpty) { try append(word, column, of: owner, op, to: values) }
    }
    guard faults.all.count == before else { return nil }
    checkCount(values, op, at: place)
    return faults.all.count == before ? values : nil
  }

  /// A title may hold a comma or quotes: the whole parameter is then one more value to match, if it is valid as one.
  ///
  /// - Returns: whether the whole parameter is valid as one value.
  private func appendWhole(_ words: [Word], _ column: Column, _ op: Operator, to values: Values, at place: QueryPlace) -> Bool {
    let column = column.element ?? column
    guard column.kind == .text, place.column == nil, op.isMembership, words.count > 1 || words[0].written != nil else { return false }
    let whole = words.map { $0.written ?? $0.text }.joined(separator: ",")
    return whole.withByteView { bytes in
      guard case .text(let text)? = try? scalars.read(column, bytes) else { return false }
      values.append(text: text)
      return true
    }
  }

  /// `Kim, Putin` may be one name or two values, so it is refused. Codes and words hold no commas: theirs are always lists.
  private func isAmbiguous(_ words: [Word], _ column: Column, at place: QueryPlace) -> Bool {
    guard (column.element ?? column).kind == .text, place.column == nil, words.count > 1 else { return false }
    let isBlank = { (word: Word, end: KeyPath<String, Character?>) in word.written == nil && word.text[keyPath: end]?.isWhitespace == true }
    guard words.dropFirst().contains(where: { isBlank($0, \.first) }) || words.dropLast().contains(where: { isBlank($0, \.last) }) else {
      return false
    }
    let one = words.map { $0.written ?? $0.text }.joined(separator: ",").prefix(80).replacing("\"", with: "")
    let several = words.map { "\"\($0.text.replacing("\"", with: "").trimmingBlanks.prefix(40))\"" }.joined(separator: ",")
    faults.add(
      place, "ambiguous_comma",
      "a comma followed by a space may be part of a text or separate two: write \"\(one)\" for one text, \(several) for several")
    return true
  }

  private func appendNull(_ words: [Word], to values: Values, at place: QueryPlace) {
    guard words.count == 1, let value = Bool(words[0].text) else {
      return faults.add(place, "malformed_value", "expected true or false", allowed: ["true", "false"])
    }
    values.append(integer: value ? 1 : 0)
  }

  private func checkCount(_ values: Values, _ op: Operator, at place: QueryPlace) {
    if op == .between {
      guard values.count == 2 else {
        return faults.add(place, "malformed_value", "expected two values, the lower and the upper bound, separated by a comma")
      }
      guard isReversed(values[0], values[1]) else { return }
      return faults.add(place, "reversed_range", "the first value is greater than the second, so nothing can match")
    }
    guard [.gt, .gte, .lt, .lte].contains(op), values.count != 1 else { return }
    faults.add(place, "malformed_value", "expected one value")
  }

  private func isReversed(_ low: Cell, _ high: Cell) -> Bool {
    guard low.kind == .text, high.kind == .text else { return low.real > high.real }
    return high.utf8.lexicographicallyPrecedes(low.utf8)
  }

  private func append(_ word: Word, _ typed: Column, of owner: Resource, _ op: Operator, to values: Values) throws {
    if op.isPattern { return append(pattern: word, op, to: values) }
    let column = typed.kind == .list ? typed.element ?? typed : typed
    switch column.kind {
    case .handleOf where column.targets == ["stakeholders"]: try code(of: word).map { values.append(text: $0) }
    case .handleOf: try handle(word, of: column, to: values)
    case .target: try record(word, in: column.targets).map { values.append(text: $0.resource.text(of: $0.id)) }
    case .reference: try record(word, in: column.targets).map { values.append(integer: $0.id) }
    case .integer where column.isID: try record(word, in: [owner.name]).map { values.append(integer: $0.id) }
    case .date, .period: day(word, op, to: values)
    case .timestamp: try moment(word, column, to: values)
    default:
      scalar(word, column, to: values)
      // A word also matches the narrower words it contains: Europe includes Western Europe.
      if op.isMembership { column.vocabulary?.parts(of: word.text).forEach { values.append(text: $0) } }
    }
  }

  private func scalar(_ word: Word, _ column: Column, to values: Values) {
    let read = word.text.withByteView { bytes in
      Result { () throws(Refusal) in
        switch try scalars.read(column, bytes) {
        case .integer(let value): values.append(integer: value)
        case .real(let value): values.append(real: value)
        case .text(let value): values.append(text: value)
        }
      }
    }
    if case .failure(let refusal) = read { faults.add(word.place, refusal.code, refusal.detail, allowed: refusal.allowed) }
  }

  /// Stored text is NFC; query text need not be. `contains` compares both folded: without marks and case.
  private func append(pattern word: Word, _ op: Operator, to values: Values) {
    if op == .like, let letter = strayEscape(in: word.text) {
      return faults.add(
        word.place, "bad_escape", "\\ may only stand before %, _ or another \\, not before \"\(letter)\"")
    }
    let composed = ByteBuffer(capacity: word.text.utf8.count + 16)
    word.text.withByteView { bytes in
      if op == .contains { appendFolded(bytes, to: composed) } else { normalizedNFC(bytes, into: composed) }
    }
    composed.withView { values.append(text: $0) }
  }

  /// The character after a backslash that escapes nothing; empty at the pattern's end, `nil` if all escapes are valid.
  private func strayEscape(in pattern: String) -> String? {
    var rest = pattern[...]
    while let backslash = rest.firstIndex(of: "\\") {
      let next = rest.index(after: backslash)
      guard next < rest.endIndex, "%_\\".contains(rest[next]) else { return String(rest[next...].prefix(1)) }
      rest = rest[rest.index(after: next)...]
    }
    return nil
  }

  // MARK: Dates

  /// Reads a day as `YYYY-MM-DD` from an EDTF date or a relative moment; `isLast` takes the last day of a month or year. `nil` after a
  /// fault.
  package func day(_ word: Word, isLast: Bool) -> String? {
    do throws(DateError) {
      if let moment = try RelativeMoment.parse(word.text, now: now) {
        // An offset in hours can change the day at any time.
        if word.text.hasSuffix("h") { isMomentary = true }
        return CalendarDate(utcDayOf: moment).description
      }
      let period = try EDTFDate.parse(word.text)
      return (isLast ? period.end : period.start).description
    } catch {
      faults.add(word.place, error.code, error.detail)
      return nil
    }
  }

  /// Reads a moment (RFC 3339 or relative) as Unix milliseconds, UTC; `nil` after a fault.
  package func moment(_ word: Word) -> Int64? {
    do throws(DateError) {
      guard let moment = try RelativeMoment.parse(word.text, now: now) else { return try Timestamp.parse(word.text.withOffsetSign) }
      isMomentary = true
      return moment
    } catch {
      faults.add(word.place, error.code, error.detail)
      return nil
    }
  }

  private func moment(_ word: Word, _ column: Column, to values: Values) throws {
    if let moment = moment(word) { values.append(integer: moment) }
  }

  /// `2024-06` is a lower bound by its first day and an upper bound by its last; equality with it is refused.
  private func day(_ word: Word, _ op: Operator, to values: Values) {
    let isUpper = op == .gt || op == .lte || (op == .between && values.count == 1)
    if let period = try? EDTFDate.parse(word.text), period.start != period.end, ![.gt, .gte, .lt, .lte, .between].contains(op) {
      let isExpression = word.place.column != nil
      let range = isExpression ? "BETWEEN \(period.start) AND \(period.end)" : "__between=\(period.start),\(period.end)"
      return faults.add(word.place, "imprecise_date", "\"\(word.text)\" is not a single day; use \(range)")
    }
    if let day = day(word, isLast: isUpper) { values.append(text: day) }
  }

  // MARK: References

  /// Resolves a record by its id, its handle, or `source/external_id`; `nil` after a fault.
  private func record(_ word: Word, in names: [String]) throws -> (resource: Resource, id: Int64)? {
    // An id that does not exist gives an empty list, not a fault.
    let parsed = word.text.withByteView { Catalogue.shared.parse(id: $0) }
    if let parsed, names.contains(parsed.resource.name) { return parsed }
    let found = try self.names.record(word.text, in: names)
    if found == nil {
      let what = names.joined(separator: ", ")
      faults.add(word.place, "unknown_reference", "\"\(word.text.prefix(60))\" is not a record of \(what)")
    }
    return found
  }

  /// At most this many handles are offered as suggestions.
  private static let offeredHandles = 100

  /// Resolves a handle of a resource small enough to suggest the nearest one: strategies.
  private func handle(_ word: Word, of column: Column, to values: Values) throws {
    if let handle = try names.handle(word.text, of: column) { return values.append(text: handle) }
    guard let resource = column.targets.first.flatMap({ Catalogue.shared[$0] }) else { return }
    let known = try names.handles(of: resource, atMost: Self.offeredHandles)
    let hint = QueryFaults.hint(word.text, known)
    faults.add(
      word.place, "unknown_reference", "there is no \(resource.singular) \"\(word.text.prefix(60))\"\(hint)",
      allowed: hint.isEmpty ? known : [])
  }

  /// Resolves the code of an existing stakeholder: a typo must not look like an empty result. `nil` after a fault.
  ///
  /// - Throws: what `RecordNames` throws.
  package func code(of word: Word) throws -> String? {
    if let code = try names.handle(word.text, of: Self.stakeholder) { return code }
    let meant =
      try names.handle(resembling: word.text, of: Stakeholders.resource).map { "; did you mean \($0)?" }
      ?? "; use a code such as PRK, or an id"
    faults.add(word.place, "unknown_stakeholder", "there is no stakeholder \"\(word.text.prefix(60))\"\(meant)")
    return nil
  }

  /// Any field that refers to a stakeholder by code, for `RecordNames.handle`.
  private static let stakeholder = Perspectives.resource[Perspectives.stakeholder]

  private func refuse(_ place: QueryPlace, _ code: String, _ detail: String, allowed: [String] = []) -> Filter? {
    faults.add(place, code, detail, allowed: allowed)
    return nil
  }
}

extension Column {
  /// Whether this is the record's own `id` column.
  package var isID: Bool { number == StandardColumns.idNumber && name == "id" }

  /// The one resource that the field refers to; `nil` if a condition cannot follow it.
  fileprivate var referred: String? {
    switch kind {
    case .reference, .handleOf: targets.first
    case .list: element?.kind == .handleOf ? element?.targets.first : nil
    default: nil
    }
  }
}

extension String {
  /// Restores the `+` of a timestamp's offset, which query decoding turned into a space: `2024-06-01T12:00:00 02:00`.
  fileprivate var withOffsetSign: String {
    guard utf8.count > 19, let blank = utf8.lastIndex(of: UInt8(ascii: " ")), utf8.distance(from: blank, to: utf8.endIndex) == 6 else {
      return self
    }
    return "\(self[..<blank])+\(self[utf8.index(after: blank)...])"
  }
}

extension StringProtocol {
  /// The text without white space of any kind at its ends.
  fileprivate var trimmingBlanks: SubSequence {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[endIndex...]
    }
    return self[first...last]
  }
}

extension Operator {
  /// Matches a part of the text, so the value need not be valid for the field.
  var isPattern: Bool { self == .like || self == .prefix || self == .contains }

  /// Whether the operator tests membership in the given values.
  fileprivate var isMembership: Bool { [.eq, .ne, .in, .nin, .has].contains(self) }

  /// `eq` and `ne` with several values become `in` and `nin`.
  fileprivate func counting(_ values: Values) -> Operator {
    guard values.count > 1 else { return self }
    return self == .eq ? .in : self == .ne ? .nin : self
  }
}
