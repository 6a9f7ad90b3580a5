internal import Formats
package import Records
package import SQL

/// Changes of the event rollups, added up in memory, so that each row of a rollup is written once.
///
/// A day's import touches the same months, countries and dyads repeatedly; an event removed and added unchanged costs no write. Changes are
/// appended on arrival, 32 bytes each, and merged when they are stored.
package final class RollupChanges {
  private let words = WordNumbers()
  private var countries: [RollupChange] = []
  private var dyads: [RollupChange] = []
  private let totals = EventTotals()
  private var parties: [Int] = []

  /// No changes yet.
  package init() {}

  // MARK: Adding up

  /// Whether no event was taken. Changes that were may cancel out in one table and not in another.
  package private(set) var isEmpty = true

  private static let own = [Events.startDate, Events.country, Events.type, Events.quadClass, Events.goldstein, Events.participants]
    .map { Events.resource[$0] }

  /// The columns of a row that `take` reads, in their order: the fields of the keys and sums, then those of the totals.
  package static let columns = own + EventTotals.columns

  /// Adds an event to the changes of all rollups.
  ///
  /// - Parameters:
  ///   - event: a row of `columns`.
  ///   - sign: 1 for the new state of an event, -1 for the old one.
  package func take(_ event: Row, _ sign: Int32) {
    guard let month = Self.month(event[0].utf8) else { return }
    isEmpty = false
    var change = Self.change(quad: event[3].integer, goldstein: event[4], sign)
    totals.take(event, from: Self.own.count, change)
    let (country, type) = (words.number(event[1].utf8), words.number(event[2].utf8))
    change.setKey(country, month, type)
    countries.append(change)
    parties.removeAll(keepingCapacity: true)
    Participants.each(in: event[5].utf8) { note(party: $0) }
    for position in parties.indices {
      for other in parties[..<position] { dyads.append(Self.ofPair(change, other, parties[position], month)) }
    }
  }

  private static func ofPair(_ change: RollupChange, _ one: Int, _ other: Int, _ month: Int) -> RollupChange {
    change.of(min(one, other), max(one, other), month)
  }

  /// Forgets all changes; releases the memory of large arrays.
  package func clear() {
    isEmpty = true
    words.clear()
    totals.clear()
    countries.removeAll(keepingCapacity: countries.count < Self.keptRoom)
    dyads.removeAll(keepingCapacity: dyads.count < Self.keptRoom)
  }

  private static let keptRoom = 1_024

  /// A stakeholder with two roles counts once.
  private func note(party code: ByteView) {
    let party = words.number(code)
    if !parties.contains(party) { parties.append(party) }
  }

  private static func change(quad: Int64, goldstein: Cell, _ sign: Int32) -> RollupChange {
    var change = RollupChange(count: sign)
    if QuadClass.isCooperative(quad) { change.cooperative = sign }
    if QuadClass.isConflictual(quad) { change.conflictual = sign }
    guard !goldstein.isNull else { return change }
    change.goldsteinCount = sign
    change.goldstein = Int64(sign) * Goldstein.billionths(of: goldstein.real)
    return change
  }

  /// The months since year 0 of a stored date.
  private static func month(_ date: ByteView) -> Int? {
    guard let day = CalendarDate(iso: date)?.components else { return nil }
    return day.year * 12 + day.month - 1
  }

  // MARK: Storing

  /// A table, with the positions of its key and of the month among a change's three numbers.
  private struct Table {
    let table: RollupTable
    let key: Range<Int>
    let month: Int?

    init(_ name: String, key: [String], hasQuads: Bool) {
      table = RollupTable(name, key: key, hasQuads: hasQuads)
      self.key = 3 - key.count..<3
      month = key.firstIndex(of: "month").map { 3 - key.count + $0 }
    }
  }

  private static let months = Table("event_months", key: ["month", "type"], hasQuads: false)
  private static let countryMonths = Table("event_country_months", key: ["country", "month", "type"], hasQuads: false)
  private static let dyadMonths = Table("event_dyad_months", key: ["a", "b", "month"], hasQuads: true)
  private static let dyads = Table("event_dyads", key: ["a", "b"], hasQuads: true)

  /// Writes the changes, each table in key order so that neighbours share a page, and forgets them, also on failure.
  ///
  /// - Throws: `SQLError`.
  package func store(over connection: any Connection) throws {
    defer { clear() }
    let (ranks, ordered) = words.order()
    for index in countries.indices {
      let change = countries[index]
      countries[index].setKey(ranks[change.first], change.second, ranks[change.third])
    }
    for index in dyads.indices {
      let change = dyads[index]
      dyads[index] = Self.ofPair(change, ranks[change.first], ranks[change.second], change.third)
    }
    RollupChange.addUp(&countries)
    var months = countries.map { $0.of(0, $0.second, $0.third) }
    RollupChange.addUp(&months)
    try store(months, in: Self.months, ordered, connection)
    months = []
    try store(countries, in: Self.countryMonths, ordered, connection)
    RollupChange.addUp(&dyads)
    try store(dyads, in: Self.dyadMonths, ordered, connection)
    if try !DyadTotals.areLeftOut(connection) {
      for index in dyads.indices { dyads[index] = dyads[index].of(0, dyads[index].first, dyads[index].second) }
      RollupChange.addUp(&dyads)
      try store(dyads, in: Self.dyads, ordered, connection)
    }
    try totals.store(over: connection)
  }

  /// - Parameter ordered: maps a word's rank in byte order, used in the keys, to its number.
  private func store(_ changes: [RollupChange], in table: Table, _ ordered: [Int], _ connection: any Connection) throws {
    let row = Values()
    for change in changes {
      row.reset()
      for position in table.key {
        let number = position == 0 ? change.first : position == 1 ? change.second : change.third
        if position == table.month {
          Self.append(month: number, to: row)
        } else {
          row.append(text: words[ordered[number]])
        }
      }
      try table.table.add(change, at: row, connection)
    }
  }

  /// Appends the first day of a month, counted from year 0.
  private static func append(month: Int, to row: Values) {
    row.append(.null)
    row.set(row.count - 1) { CalendarDate(year: month / 12, month: month % 12 + 1, day: 1)?.append(to: $0) }
  }
}
