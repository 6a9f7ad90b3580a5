internal import Formats
internal import Records
internal import SQL

/// Changes of the rollups of events, added up in memory, so that each row of a rollup is written once.
///
/// A day's import touches the same months, countries and dyads again and again; and what is removed and added unchanged costs nothing.
/// Changes are only noted as they come, 32 bytes each; they are sorted and added up when they are stored or grow too many.
final class RollupChanges {
  private let words = WordNumbers()
  private var countries: [RollupChange] = []
  private var dyads: [RollupChange] = []
  private let totals = EventTotals()
  private var parties: [Int] = []

  // MARK: Adding up

  /// Whether nothing was taken; what was may cancel out in one table and not in another.
  package private(set) var isEmpty = true

  /// How many rows change at the most.
  package var count: Int { countries.count + dyads.count }

  /// More words than this are not held: a change has room for two million.
  private static let mostWords = 65_536

  /// Whether there are too many changes to go on without storing them, even when they are added up.
  package func isFull(_ most: Int, with others: Int = 0) -> Bool {
    guard words.count <= Self.mostWords else { return true }
    guard count + others > most else { return false }
    RollupChange.addUp(&countries)
    RollupChange.addUp(&dyads)
    // Where half of them remain, adding up again would soon be all that is done.
    return count + others > most / 2
  }

  /// - Parameter sign: 1 for an event that is there now, -1 for one that was.
  package func take(_ event: Draft, _ sign: Int32) {
    guard let month = unsafe Self.month(event[Events.startDate].bytes) else { return }
    isEmpty = false
    var change = Self.change(event, sign)
    totals.take(event, change)
    let (country, type) = unsafe (words.number(event[Events.country].bytes), words.number(event[Events.type].bytes))
    change.setKey(country, month, type)
    countries.append(change)
    parties.removeAll(keepingCapacity: true)
    unsafe Participants.each(event) { unsafe note(party: $0) }
    for position in parties.indices {
      for other in parties[..<position] { dyads.append(Self.ofPair(change, other, parties[position], month)) }
    }
  }

  /// Takes over what others are; they are left as they are.
  package func take(_ others: RollupChanges) {
    isEmpty = isEmpty && others.isEmpty
    totals.take(others.totals)
    let numbers = (0..<others.words.count).map { unsafe words.number(others.words[$0]) }
    for change in others.countries { countries.append(change.of(numbers[change.first], change.second, numbers[change.third])) }
    for change in others.dyads { dyads.append(Self.ofPair(change, numbers[change.first], numbers[change.second], change.third)) }
  }

  private static func ofPair(_ change: RollupChange, _ one: Int, _ other: Int, _ month: Int) -> RollupChange {
    change.of(min(one, other), max(one, other), month)
  }

  /// Forgets all; the room of many is given back.
  package func clear() {
    isEmpty = true
    words.clear()
    totals.clear()
    countries.removeAll(keepingCapacity: countries.count < Self.keptRoom)
    dyads.removeAll(keepingCapacity: dyads.count < Self.keptRoom)
  }

  private static let keptRoom = 1_024

  /// A stakeholder with two roles takes part once.
  private func note(party code: UnsafeRawBufferPointer) {
    let party = unsafe words.number(code)
    if !parties.contains(party) { parties.append(party) }
  }

  private static func change(_ event: Draft, _ sign: Int32) -> RollupChange {
    let (quad, goldstein) = (event[Events.quadClass].integer, event[Events.goldstein])
    var change = RollupChange(count: sign)
    if QuadClass.isCooperative(quad) { change.cooperative = sign }
    if QuadClass.isConflictual(quad) { change.conflictual = sign }
    guard !goldstein.isNull else { return change }
    change.goldsteinCount = sign
    change.goldstein = Int64(sign) * Goldstein.tenThousandths(of: goldstein.real)
    return change
  }

  /// The months since year 0 of a stored date.
  private static func month(_ date: UnsafeRawBufferPointer) -> Int? {
    guard let day = unsafe CalendarDate(iso: date)?.components else { return nil }
    return day.year * 12 + day.month - 1
  }

  // MARK: Storing

  /// A table, and which of a change's three numbers make its key, and which of them is the month.
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

  /// Writes the changes, each table's in the order of its key: neighbours lie on one page. Then they are forgotten.
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

  /// - Parameter ordered: the numbers of the words, by their place in the order of bytes, which a change's key has.
  private func store(_ changes: [RollupChange], in table: Table, _ ordered: [Int], _ connection: any Connection) throws {
    let row = Values()
    for change in changes {
      row.reset()
      for position in table.key {
        let number = position == 0 ? change.first : position == 1 ? change.second : change.third
        if position == table.month {
          Self.append(month: number, to: row)
        } else {
          unsafe row.append(text: words[ordered[number]])
        }
      }
      try table.table.add(change, at: row, connection)
    }
  }

  /// The first day of a month.
  private static func append(month: Int, to row: Values) {
    row.append(.null)
    row.set(row.count - 1) { CalendarDate(year: month / 12, month: month % 12 + 1, day: 1)?.append(to: $0) }
  }
}
