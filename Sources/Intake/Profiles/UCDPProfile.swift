internal import Formats
internal import Records

extension ImportProfile {
  /// Georeferenced Event Dataset of the Uppsala Conflict Data Program: comma-separated, with a header, newlines inside quotes.
  static let ucdpGED = ImportProfile(
    name: UCDP.name, doc: "UCDP GED: events of organised violence (49 columns in 23.1, 41 in older versions).",
    resource: Events.resource, source: UCDP.name, table: UCDP.table, stakeholders: StatesBeyondISO.all, map: UCDP().map)
}

private struct UCDP {
  static let name = "ucdp-ged"

  // MARK: Columns

  // Numbers appear as `2013` and as `2013.0`, so no column is declared an integer.
  static let table = ProfileTable(columns: [
    ProfileColumn("id", .real, .mapped("external_id, without `.0`")),
    ProfileColumn("relid", .text, .extra, isOptional: true),
    ProfileColumn("year", .real, .dropped("part of the dates"), isOptional: true),
    ProfileColumn("active_year", .real, .extra, isOptional: true),
    ProfileColumn("code_status", .text, .extra, isOptional: true),
    ProfileColumn("type_of_violence", .real, .mapped("part of the title; extra")),
    ProfileColumn("conflict_dset_id", .real, .extra, isOptional: true),
    ProfileColumn("conflict_new_id", .real, .extra, isOptional: true),
    ProfileColumn("conflict_name", .text, .mapped("process; extra if it has more than 200 characters"), isOptional: true),
    ProfileColumn("dyad_dset_id", .real, .extra, isOptional: true),
    ProfileColumn("dyad_new_id", .real, .extra, isOptional: true),
    ProfileColumn("dyad_name", .text, .dropped("derived from side_a and side_b"), isOptional: true),
    ProfileColumn("side_a_dset_id", .real, .extra, isOptional: true),
    ProfileColumn("side_a_new_id", .real, .mapped("code of a stakeholder that is not a state, `ucdp-<id>`; extra")),
    ProfileColumn("side_a", .text, .mapped("part of the title; name_as_reported")),
    ProfileColumn("side_b_dset_id", .real, .extra, isOptional: true),
    ProfileColumn("side_b_new_id", .real, .mapped("code of a stakeholder that is not a state, `ucdp-<id>`; extra")),
    ProfileColumn("side_b", .text, .mapped("part of the title; name_as_reported; civilians are not a party")),
    ProfileColumn("number_of_sources", .real, .extra, isOptional: true),
    ProfileColumn("source_article", .text, .extra, isOptional: true),
    ProfileColumn("source_office", .text, .extra, isOptional: true),
    ProfileColumn("source_date", .text, .extra, isOptional: true),
    ProfileColumn("source_headline", .text, .extra, isOptional: true),
    ProfileColumn("source_original", .text, .extra, isOptional: true),
    ProfileColumn("where_prec", .real, .mapped("geo_precision")),
    ProfileColumn("where_coordinates", .text, .field("place"), isOptional: true),
    ProfileColumn("where_description", .text, .extra, isOptional: true),
    ProfileColumn("adm_1", .text, .field("admin1"), isOptional: true),
    ProfileColumn("adm_2", .text, .extra, isOptional: true),
    ProfileColumn("latitude", .real, .field("latitude")),
    ProfileColumn("longitude", .real, .field("longitude")),
    ProfileColumn("geom_wkt", .text, .dropped("derived from latitude and longitude"), isOptional: true),
    ProfileColumn("priogrid_gid", .real, .extra, isOptional: true),
    ProfileColumn("country", .text, .mapped("part of the title; extra if ISO 3166 has no such country")),
    ProfileColumn("country_id", .real, .mapped("country, from its Gleditsch-Ward number")),
    ProfileColumn("region", .text, .extra, isOptional: true),
    ProfileColumn("event_clarity", .real, .extra, isOptional: true),
    ProfileColumn("date_prec", .real, .mapped("date_precision")),
    ProfileColumn("date_start", .text, .mapped("start_date")),
    ProfileColumn("date_end", .text, .mapped("end_date")),
    ProfileColumn("deaths_a", .real, .extra, isOptional: true),
    ProfileColumn("deaths_b", .real, .extra, isOptional: true),
    ProfileColumn("deaths_civilians", .real, .extra, isOptional: true),
    ProfileColumn("deaths_unknown", .real, .extra, isOptional: true),
    ProfileColumn("best", .real, .extra),
    ProfileColumn("high", .real, .extra),
    ProfileColumn("low", .real, .extra),
    ProfileColumn("gwnoa", .text, .mapped("participants, from Gleditsch-Ward numbers")),
    ProfileColumn("gwnob", .text, .mapped("participants, from Gleditsch-Ward numbers")),
  ])

  private struct SideColumns {
    let letter: String
    let id, name, states: Int

    init(_ letter: String) {
      self.letter = letter.uppercased()
      id = table.number("side_\(letter)_new_id")
      name = table.number("side_\(letter)")
      states = table.number("gwno\(letter)")
    }
  }

  private let id = UCDP.table.number("id")
  private let violence = UCDP.table.number("type_of_violence")
  private let conflict = UCDP.table.number("conflict_name")
  private let sides = [SideColumns("a"), SideColumns("b")]
  private let sources = UCDP.table.number("number_of_sources")
  private let wherePrecision = UCDP.table.number("where_prec")
  private let place = UCDP.table.number("where_coordinates")
  private let country = UCDP.table.number("country")
  private let countryID = UCDP.table.number("country_id")
  private let datePrecision = UCDP.table.number("date_prec")
  private let start = UCDP.table.number("date_start")
  private let end = UCDP.table.number("date_end")
  private let best = UCDP.table.number("best")
  private let high = UCDP.table.number("high")
  private let low = UCDP.table.number("low")

  // MARK: Rows

  func map(_ row: ProfileRow) {
    row.set(Events.type, "armed_incident", of: violence)
    if let number = whole(row, id) { row.set("external_id", String(number), of: id) }
    row.set(Events.verification, row.number(sources) == 1 ? "single_source" : "reported", of: sources)
    setDates(row)
    setPlace(row)
    setProcess(row)
    checkDeaths(row)
    setTitle(row)
    setParticipants(row)
  }

  /// A required whole number, however written (`300380.0`).
  private func whole(_ row: ProfileRow, _ column: Int) -> Int? {
    guard !row.isEmpty(column) else {
      row.fault(column, "required", "a whole number is required")
      return nil
    }
    // A cell that is not a number has its fault already.
    guard let number = row.number(column) else { return nil }
    guard let whole = Int(exactly: number) else {
      row.fault(column, "malformed_value", "\"\(row.string(column).prefix(60))\" is not a whole number")
      return nil
    }
    return whole
  }

  /// The word for a number, counted from 1; refuses the row for a number out of range.
  private func word(_ row: ProfileRow, _ column: Int, _ words: [String]) -> String? {
    guard let number = whole(row, column) else { return nil }
    guard (1...words.count).contains(number) else {
      row.fault(column, "out_of_range", "\(number) is not in 1…\(words.count)")
      return nil
    }
    return words[number - 1]
  }

  // MARK: When

  private func setDates(_ row: ProfileRow) {
    let precision = word(row, datePrecision, ["day", "days", "week", "month", "year"])
    guard let first = day(row, start), let last = day(row, end) else { return }
    guard last >= first else { return row.fault(end, "before_start", "date_end \(last) is before date_start \(first)") }
    row.set(Events.startDate, first.description, of: start)
    row.set(Events.endDate, last.description, of: end)
    if let precision { row.set(Events.datePrecision, precision == "day" && first < last ? "days" : precision, of: datePrecision) }
  }

  /// Some editions write a day as `2013-01-03 00:00:00.000`.
  private func day(_ row: ProfileRow, _ column: Int) -> CalendarDate? {
    let text = row.string(column)
    guard !text.isEmpty else {
      row.fault(column, "required", "a date is required")
      return nil
    }
    let rest = text.utf8.dropFirst(10)
    guard let day = CalendarDate(iso: String(text.prefix(10))), rest.isEmpty || String(Substring(rest)).hasPrefix(" 00:00:00") else {
      row.fault(column, "malformed_value", "\"\(text.prefix(60))\" is not a date in the form YYYY-MM-DD")
      return nil
    }
    return day
  }

  // MARK: Where

  private static let precisions = ["exact", "near", "admin2", "admin1", "area", "country", "international"]

  private func setPlace(_ row: ProfileRow) {
    if let precision = word(row, wherePrecision, Self.precisions) { row.set(Events.geoPrecision, precision, of: wherePrecision) }
    guard let code = state(row.string(countryID)), ReferenceTables.shared.name(ofCountry: code) != nil else { return row.keep(country) }
    row.set(Events.country, code, of: countryID)
  }

  /// The code of the state with this Gleditsch-Ward number, which may be written `652.0`.
  private func state(_ number: String) -> String? {
    ReferenceTables.shared.country(number.hasSuffix(".0") ? String(number.dropLast(2)) : number, in: .gw)
  }

  // MARK: What

  private static let kinds = ["state-based conflict", "non-state conflict", "one-sided violence"]
  private static let maxProcessLength = 200
  private static let maxSideLength = 100

  /// `Government of Syria — Syrian insurgents: state-based conflict, Rami village, Syria`
  private func setTitle(_ row: ProfileRow) {
    guard let kind = word(row, violence, Self.kinds) else { return }
    row.keep(violence)
    let named = sides.map { shortened(row.string($0.name)) }.filter { !$0.isEmpty }.joined(separator: " — ")
    let place = CodedEvents.place([row.string(place), row.string(country)])
    row.set(Events.title, CodedEvents.clipped("\(named): \(kind)\(place.isEmpty ? "" : ", " + place)"), of: violence)
  }

  /// A side made of many groups is named after all of them, which can be very long.
  private func shortened(_ side: String) -> String { side.count > Self.maxSideLength ? side.prefix(Self.maxSideLength) + "…" : side }

  private func setProcess(_ row: ProfileRow) {
    let name = row.string(conflict)
    guard name.unicodeScalars.count <= Self.maxProcessLength else { return row.keep(conflict) }
    row.set(Events.process, name, of: conflict)
  }

  private func checkDeaths(_ row: ProfileRow) {
    for column in [low, best, high] { row.check(column, in: 0...1_000_000_000) }
    let (least, likeliest, most) = (row.number(low), row.number(best), row.number(high))
    guard let least, let likeliest, let most, !(least <= likeliest && likeliest <= most) else { return }
    let found = "low \(row.string(low)) <= best \(row.string(best)) <= high \(row.string(high))"
    row.warn(best, "inconsistent_estimates", "\(found) does not hold")
  }

  // MARK: Who

  private struct Party {
    let code: String
    let side: SideColumns
    /// Empty where it does not fit or names several parties.
    let name: String
  }

  private func setParticipants(_ row: ProfileRow) {
    let all = sides.flatMap { parties(of: $0, row) }
    for side in sides {
      row.keep(side.id)
      if !all.contains(where: { $0.side.name == side.name && !$0.name.isEmpty }) { row.keep(side.name) }
    }
    guard !all.isEmpty else { return }
    // In one-sided violence the killer acts alone.
    let role = row.number(violence) == 3 ? "sender" : "participant"
    row.setJSON(Events.participants, of: sides[0].name) { json in
      for (position, party) in all.enumerated() {
        json.append(position == 0 ? 0x5B : 0x2C)
        CodedEvents.appendParty(party.code, role: role, side: party.side.letter, name: party.name, to: json)
      }
      json.append(0x5D)
    }
  }

  /// Governments are their states; other sides become stakeholders under UCDP's own ids.
  private func parties(of side: SideColumns, _ row: ProfileRow) -> [Party] {
    let name = row.string(side.name)
    guard !name.isEmpty else {
      row.fault(side.name, "required", "the name of side \(side.letter) is required")
      return []
    }
    guard name != "Civilians" else { return [] }
    let states = row.string(side.states).split { $0 == "," || $0 == ";" || $0 == " " }.map { state(String($0)) }
    let codes = states.compactMap { $0 }
    if !codes.isEmpty, codes.count == states.count {
      return codes.map { Party(code: $0, side: side, name: codes.count == 1 && CodedEvents.isName(name) ? name : "") }
    }
    guard let id = whole(row, side.id) else { return [] }
    let code = "ucdp-\(id)"
    // A government is a state even where the tables do not have that state.
    let type = states.isEmpty && !name.hasPrefix("Government of ") ? "armed_group" : "state"
    row.row.newcomers.append(Newcomer(code: code, name: CodedEvents.clipped(name), type: type, externalIDs: ["ucdp": String(id)]))
    return [Party(code: code, side: side, name: CodedEvents.isName(name) ? name : "")]
  }
}
