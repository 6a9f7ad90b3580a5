internal import Formats
internal import SQL

/// Changes of the rollups of events, added up in memory, so that each row of a rollup is written once.
///
/// A day's import touches the same months, countries and dyads again and again; and what is removed and added unchanged costs nothing.
final class RollupChanges {
  /// What a row of a rollup holds, or by how much it changes.
  private struct Sums {
    var count: Int64 = 0
    var cooperative: Int64 = 0
    var conflictual: Int64 = 0
    var goldsteinCount: Int64 = 0
    /// In ten-thousandths.
    var goldstein: Int64 = 0

    static func += (sums: inout Sums, other: Sums) {
      sums.count &+= other.count
      sums.cooperative &+= other.cooperative
      sums.conflictual &+= other.conflictual
      sums.goldsteinCount &+= other.goldsteinCount
      sums.goldstein &+= other.goldstein
    }

    var isNothing: Bool { count == 0 && cooperative == 0 && conflictual == 0 && goldsteinCount == 0 && goldstein == 0 }
  }

  /// Two words by their number and a month: country and type, or two stakeholders.
  private struct Key: Hashable {
    var first: Int32
    var second: Int32
    /// Months since year 0.
    var month: Int32
  }

  private var words: [String] = []
  private var numbers: [String: Int32] = [:]
  private var countries: [Key: Sums] = [:]
  private var dyads: [Key: Sums] = [:]
  private var parties: [Int32] = []

  // MARK: Adding up

  /// How many rows change at the most.
  var count: Int { countries.count + dyads.count }

  /// - Parameter sign: 1 for an event that is there now, -1 for one that was.
  func take(_ event: Draft, _ sign: Int64) {
    guard let month = unsafe Self.month(event[Events.startDate].bytes) else { return }
    let sums = Self.sums(event, sign)
    let (country, type) = unsafe (number(event[Events.country].bytes), number(event[Events.type].bytes))
    countries[Key(first: country, second: type, month: month), default: Sums()] += sums
    parties.removeAll(keepingCapacity: true)
    unsafe Participants.each(event) { unsafe note(party: $0) }
    for (position, one) in parties.enumerated() {
      for other in parties[(position + 1)...] {
        let (a, b) = isBefore(one, other) ? (one, other) : (other, one)
        dyads[Key(first: a, second: b, month: month), default: Sums()] += sums
      }
    }
  }

  /// Takes over what others are; they are left as they are.
  func take(_ others: RollupChanges) {
    let numbers = others.words.map { number($0) }
    let translate = { (key: Key) in Key(first: numbers[Int(key.first)], second: numbers[Int(key.second)], month: key.month) }
    for (key, sums) in others.countries { countries[translate(key), default: Sums()] += sums }
    for (key, sums) in others.dyads { dyads[translate(key), default: Sums()] += sums }
  }

  func clear() {
    words.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    countries.removeAll(keepingCapacity: true)
    dyads.removeAll(keepingCapacity: true)
  }

  /// A stakeholder with two roles takes part once.
  private func note(party code: UnsafeRawBufferPointer) {
    let party = unsafe number(code)
    if !parties.contains(party) { parties.append(party) }
  }

  private static func sums(_ event: Draft, _ sign: Int64) -> Sums {
    let (quad, goldstein) = (event[Events.quadClass].integer, event[Events.goldstein])
    var sums = Sums(count: sign)
    if quad == 1 || quad == 2 { sums.cooperative = sign }
    if quad == 3 || quad == 4 { sums.conflictual = sign }
    guard !goldstein.isNull else { return sums }
    sums.goldsteinCount = sign
    sums.goldstein = sign * Int64((goldstein.real * 10_000).rounded())
    return sums
  }

  /// The months since year 0 of a stored date.
  private static func month(_ date: UnsafeRawBufferPointer) -> Int32? {
    guard let day = unsafe CalendarDate(iso: date)?.components else { return nil }
    return Int32(day.year * 12 + day.month - 1)
  }

  private func number(_ word: UnsafeRawBufferPointer) -> Int32 { unsafe number(String(decoding: word, as: UTF8.self)) }

  private func number(_ word: String) -> Int32 {
    if let known = numbers[word] { return known }
    let number = Int32(words.count)
    words.append(word)
    numbers[word] = number
    return number
  }

  /// In the order of bytes, which is also SQL's.
  private func isBefore(_ one: Int32, _ other: Int32) -> Bool {
    words[Int(one)].utf8.lexicographicallyPrecedes(words[Int(other)].utf8)
  }

  // MARK: Storing

  /// A table of sums: its key, and whether it tells cooperation from conflict.
  private struct Table {
    let hasQuads: Bool
    let upsert: SQLText
    let removeEmpty: SQLText

    init(_ name: String, key: [String], hasQuads: Bool) {
      self.hasQuads = hasQuads
      let sums = ["count"] + (hasQuads ? ["cooperative", "conflictual"] : []) + ["goldstein_count", "goldstein_sum"]
      let marks = (1...(key.count + sums.count)).map { "?\($0)" }.joined(separator: ", ")
      let changes = sums.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
      upsert = SQLText(
        "INSERT INTO \(name) (\((key + sums).joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT DO UPDATE SET \(changes)")
      let isRow = key.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: " AND ")
      removeEmpty = SQLText("DELETE FROM \(name) WHERE \(isRow) AND count = 0")
    }
  }

  private static let months = Table("event_months", key: ["month", "type"], hasQuads: false)
  private static let countryMonths = Table("event_country_months", key: ["country", "month", "type"], hasQuads: false)
  private static let dyadMonths = Table("event_dyad_months", key: ["a", "b", "month"], hasQuads: true)

  /// Writes the changes; they stay held.
  func store(over connection: any Connection) throws {
    let ranks = ranks()
    var months: [Key: Sums] = [:]
    for (key, sums) in countries { months[Key(first: 0, second: key.second, month: key.month), default: Sums()] += sums }
    try store(months, in: Self.months, connection, by: { ($0.month, ranks[Int($0.second)], 0) }) { key, row in
      append(month: key.month, to: row)
      row.append(text: words[Int(key.second)])
    }
    try store(countries, in: Self.countryMonths, connection, by: { (ranks[Int($0.first)], $0.month, ranks[Int($0.second)]) }) { key, row in
      row.append(text: words[Int(key.first)])
      append(month: key.month, to: row)
      row.append(text: words[Int(key.second)])
    }
    try store(dyads, in: Self.dyadMonths, connection, by: { (ranks[Int($0.first)], ranks[Int($0.second)], $0.month) }) { key, row in
      row.append(text: words[Int(key.first)])
      row.append(text: words[Int(key.second)])
      append(month: key.month, to: row)
    }
  }

  /// Writes the rows that change in the order of the table's key: neighbours lie on one page.
  private func store(
    _ changes: [Key: Sums], in table: Table, _ connection: any Connection, by order: (Key) -> (Int32, Int32, Int32),
    _ appendKey: (Key, Values) -> Void
  ) throws {
    let row = Values()
    let sorted = changes.filter { !$0.value.isNothing }.map { (order: order($0.key), key: $0.key, sums: $0.value) }
    for change in sorted.sorted(by: { $0.order < $1.order }) {
      row.reset()
      appendKey(change.key, row)
      row.append(integer: change.sums.count)
      if table.hasQuads {
        row.append(integer: change.sums.cooperative)
        row.append(integer: change.sums.conflictual)
      }
      row.append(integer: change.sums.goldsteinCount)
      row.append(integer: change.sums.goldstein)
      try connection.execute(table.upsert, row)
      if change.sums.count < 0 { try connection.execute(table.removeEmpty, row) }
    }
  }

  /// Each word's place in the order of bytes.
  private func ranks() -> [Int32] {
    var ranks = [Int32](repeating: 0, count: words.count)
    for (rank, number) in words.indices.sorted(by: { isBefore(Int32($0), Int32($1)) }).enumerated() { ranks[number] = Int32(rank) }
    return ranks
  }

  /// The first day of a month.
  private func append(month: Int32, to row: Values) {
    row.append(text: CalendarDate(year: Int(month / 12), month: Int(month % 12) + 1, day: 1)?.description ?? "")
  }
}
