internal import Formats
internal import Records

extension ImportProfile {
  /// GDELT Project event exports: tab-separated, no header, no quotes, one report per row.
  package static let gdelt = ImportProfile(
    name: GDELT.name, doc: "GDELT event exports, 2.0 (61 columns) and 1.0 (58 or 57); the version is detected row by row.",
    resource: Events.resource,
    source: GDELT.name, table: GDELT.table, isGrouped: true, takesInterstate: true, stakeholders: StatesBeyondISO.all, map: GDELT().map)
}

private struct GDELT {
  static let name = "gdelt"

  // MARK: Columns

  private static let columns: [ProfileColumn] =
    [
      ProfileColumn("GLOBALEVENTID", .text, .field("external_id")),
      ProfileColumn("SQLDATE", .text, .mapped("start_date, precision day")),
      ProfileColumn("MonthYear", .text, .dropped("part of SQLDATE")),
      ProfileColumn("Year", .text, .dropped("part of SQLDATE")),
      ProfileColumn("FractionDate", .text, .dropped("derived from SQLDATE")),
    ] + actor("Actor1") + actor("Actor2") + [
      ProfileColumn("IsRootEvent", .integer, .extra),
      ProfileColumn("EventCode", .text, .mapped("cameo_code, from which type, mode, plover_type, quad_class and the roles follow")),
      ProfileColumn("EventBaseCode", .text, .dropped("part of EventCode")),
      ProfileColumn("EventRootCode", .text, .dropped("part of EventCode")),
      ProfileColumn("QuadClass", .integer, .extra),
      ProfileColumn("GoldsteinScale", .real, .field("goldstein")),
      ProfileColumn("NumMentions", .integer, .extra),
      ProfileColumn("NumSources", .integer, .extra),
      ProfileColumn("NumArticles", .integer, .extra),
      ProfileColumn("AvgTone", .real, .field("tone")),
    ] + geo("Actor1Geo_") + geo("Actor2Geo_") + [
      ProfileColumn("ActionGeo_Type", .integer, .mapped("geo_precision")),
      ProfileColumn("ActionGeo_FullName", .text, .field("place")),
      ProfileColumn("ActionGeo_CountryCode", .text, .mapped("country, from FIPS 10-4; extra if ISO 3166 has no such country")),
      ProfileColumn("ActionGeo_ADM1Code", .text, .extra),
      ProfileColumn("ActionGeo_ADM2Code", .text, .extra, isOptional: true),
      ProfileColumn("ActionGeo_Lat", .real, .mapped("latitude")),
      ProfileColumn("ActionGeo_Long", .real, .mapped("longitude")),
      ProfileColumn("ActionGeo_FeatureID", .text, .extra),
      ProfileColumn("DATEADDED", .text, .mapped("extra.reported_at")),
      ProfileColumn("SOURCEURL", .text, .mapped("url; extra if it is not an http or https URL"), isOptional: true),
    ]

  private static func actor(_ prefix: String) -> [ProfileColumn] {
    [
      ProfileColumn(prefix + "Code", .text, .extra),
      ProfileColumn(prefix + "Name", .text, .mapped("part of the title; name_as_reported of a state, otherwise extra")),
      ProfileColumn(prefix + "CountryCode", .text, .mapped("participants, from CAMEO; extra if it is not a state")),
      ProfileColumn(prefix + "KnownGroupCode", .text, .extra),
      ProfileColumn(prefix + "EthnicCode", .text, .extra),
      ProfileColumn(prefix + "Religion1Code", .text, .extra),
      ProfileColumn(prefix + "Religion2Code", .text, .extra),
    ] + (1...3).map { ProfileColumn(prefix + "Type\($0)Code", .text, .mapped("extra.sector")) }
  }

  private static func geo(_ prefix: String) -> [ProfileColumn] {
    [
      ProfileColumn(prefix + "Type", .integer, .extra),
      ProfileColumn(prefix + "FullName", .text, .extra),
      ProfileColumn(prefix + "CountryCode", .text, .extra),
      ProfileColumn(prefix + "ADM1Code", .text, .extra),
      ProfileColumn(prefix + "ADM2Code", .text, .extra, isOptional: true),
      ProfileColumn(prefix + "Lat", .real, .extra),
      ProfileColumn(prefix + "Long", .real, .extra),
      ProfileColumn(prefix + "FeatureID", .text, .extra),
    ]
  }

  static let table = ProfileTable(
    delimiter: UInt8(ascii: "\t"), quotes: false, hasHeader: false, columns: columns,
    layouts: [
      ProfileLayout(name: "GDELT 2.0", columns: columns.map(\.name)),
      ProfileLayout(name: "GDELT 1.0", columns: namesOf1),
      ProfileLayout(name: "GDELT 1.0 before April 2013", columns: namesOf1.filter { $0 != "SOURCEURL" }),
    ])

  private static let namesOf1 = columns.map(\.name).filter { !$0.hasSuffix("ADM2Code") }

  private struct ActorColumns {
    let code, name, country: Int
    let types: [Int]

    init(_ prefix: String) {
      code = table.number(prefix + "Code")
      name = table.number(prefix + "Name")
      country = table.number(prefix + "CountryCode")
      types = (1...3).map { table.number(prefix + "Type\($0)Code") }
    }
  }

  private let id = GDELT.table.number("GLOBALEVENTID")
  private let date = GDELT.table.number("SQLDATE")
  private let actor1 = ActorColumns("Actor1")
  private let actor2 = ActorColumns("Actor2")
  private let eventCode = GDELT.table.number("EventCode")
  private let sources = GDELT.table.number("NumSources")
  private let geoType = GDELT.table.number("ActionGeo_Type")
  private let geoCountry = GDELT.table.number("ActionGeo_CountryCode")
  private let latitude = GDELT.table.number("ActionGeo_Lat")
  private let longitude = GDELT.table.number("ActionGeo_Long")
  private let added = GDELT.table.number("DATEADDED")
  private let url = GDELT.table.number("SOURCEURL")

  /// Valid ranges of the columns that are kept as numbers.
  private let ranges: [(column: Int, range: ClosedRange<Double>)] = [
    ("QuadClass", 1...4), ("IsRootEvent", 0...1), ("ActionGeo_Type", 0...5), ("NumMentions", GDELT.counts), ("NumSources", GDELT.counts),
    ("NumArticles", GDELT.counts), ("Actor1Geo_Lat", -90...90), ("Actor1Geo_Long", -180...180), ("Actor2Geo_Lat", -90...90),
    ("Actor2Geo_Long", -180...180),
  ].map { (GDELT.table.number($0), $1) }
  private static let counts: ClosedRange<Double> = 0...1_000_000_000

  // MARK: Rows

  func map(_ row: ProfileRow) {
    checkID(row)
    for (column, range) in ranges { row.check(column, in: range) }
    let day = setDate(row)
    setPlace(row)
    keepMoment(row)
    keepSectors(row)
    let url = setURL(row)
    row.set(Events.verification, row.string(sources) == "1" ? "single_source" : "reported", of: sources)
    let (source, target) = (actor(row, actor1), actor(row, actor2))
    CodedEvents.passOver(row, source, target)
    guard let code = CodedEvents.setCode(row, eventCode) else { return }
    row.set(Events.title, CodedEvents.title(source, code.label, target), of: actor1.name)
    CodedEvents.setParticipants(row, code, source, target)
    GroupKey.gdelt(day, coded(row, actor1), coded(row, actor2), code: code.code, url: url, into: row.row.groupKey)
  }

  /// Spreadsheets round long numbers: `5.64E+08` would be a different event at each import.
  private func checkID(_ row: ProfileRow) {
    let text = row.string(id)
    guard !text.isEmpty else { return row.fault(id, "required", "GLOBALEVENTID is required") }
    guard !isDigits(text) else { return }
    row.fault(id, "malformed_value", "\"\(text.prefix(60))\" is not a whole number written in digits")
  }

  private func setDate(_ row: ProfileRow) -> String {
    let text = row.string(date)
    guard let day = day(text, row, date) else { return "" }
    row.set(Events.startDate, day, of: date)
    return day
  }

  /// Keeps the time at which GDELT added the row: to the second since 2.0, to the day before.
  private func keepMoment(_ row: ProfileRow) {
    let text = row.string(added)
    guard !text.isEmpty, let moment = text.utf8.count == 14 ? moment(text, row) : day(text, row, added) else { return }
    row.keep(as: "reported_at") { $0.append(jsonString: moment) }
  }

  private func moment(_ text: String, _ row: ProfileRow) -> String? {
    guard let day = day(String(text.prefix(8)), row, added) else { return nil }
    let parts = stride(from: 8, to: 14, by: 2).map { String(text.dropFirst($0).prefix(2)) }
    guard isDigits(text), parts[0] < "24", parts[1] < "60", parts[2] < "60" else {
      row.fault(added, "no_such_time", "\"\(text)\" is not a time in the form YYYYMMDDHHMMSS")
      return nil
    }
    return "\(day)T\(parts.joined(separator: ":"))Z"
  }

  /// `20240618` as `2024-06-18`; refuses the row for anything else.
  private func day(_ text: String, _ row: ProfileRow, _ column: Int) -> String? {
    guard text.utf8.count == 8, isDigits(text), let number = Int(text) else {
      let wanted = column == added ? "YYYYMMDD or YYYYMMDDHHMMSS" : "YYYYMMDD"
      row.fault(column, "malformed_value", "\"\(text.prefix(60))\" is not a date in the form \(wanted)")
      return nil
    }
    guard let day = CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100) else {
      row.fault(column, "no_such_date", "\"\(text)\" is not an existing day")
      return nil
    }
    return day.description
  }

  private func isDigits(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }

  // MARK: Where

  private func setPlace(_ row: ProfileRow) {
    setCountry(row)
    guard !row.isEmpty(latitude) || !row.isEmpty(longitude) else { return }
    // Rows of 2013 without a place have coordinates 0, 0 and no type.
    guard !row.isEmpty(geoType) || !row.isEmpty(geoCountry) else {
      row.keep(latitude)
      return row.keep(longitude)
    }
    for (column, other) in [(latitude, longitude), (longitude, latitude)] where row.isEmpty(column) && !row.isEmpty(other) {
      row.fault(column, "incomplete", "latitude and longitude must be given together")
    }
    row.set(Events.latitude, row.string(latitude), of: latitude)
    row.set(Events.longitude, row.string(longitude), of: longitude)
    if let precision = Self.precisions[row.string(geoType)] { row.set(Events.geoPrecision, precision, of: geoType) }
  }

  /// Precision of the centroid by geo type. A few rows of 1.0 have type 0, "no place", and a place all the same: their precision is
  /// unknown.
  private static let precisions = ["1": "country", "2": "admin1", "3": "near", "4": "near", "5": "admin1"]

  private func setCountry(_ row: ProfileRow) {
    guard let country = ReferenceTables.shared.country(row[geoCountry], in: .fips) else { return row.keep(geoCountry) }
    row.set(Events.country, country, of: geoCountry)
  }

  // MARK: Who

  private func actor(_ row: ProfileRow, _ columns: ActorColumns) -> CodedActor {
    let state = ReferenceTables.shared.country(row[columns.country], in: .cameo)
    if state == nil { row.keep(columns.country) }
    let name = row.string(columns.name)
    let country = name.isEmpty ? state.flatMap { ReferenceTables.shared.name(ofCountry: $0) } : nil
    return CodedActor(state: state, name: name, nameColumn: columns.name, fallback: country ?? row.string(columns.code))
  }

  private func coded(_ row: ProfileRow, _ columns: ActorColumns) -> GroupKey.Actor {
    GroupKey.Actor(code: row.string(columns.code), country: row.string(columns.country))
  }

  /// Keeps the actors' CAMEO type codes: `{"actor1":["GOV"],"actor2":["EDU"]}`.
  private func keepSectors(_ row: ProfileRow) {
    let both = [("actor1", actor1), ("actor2", actor2)].map { ($0, $1.types.filter { !row.isEmpty($0) }) }.filter { !$1.isEmpty }
    guard !both.isEmpty else { return }
    row.keep(as: "sector") { json in
      for (position, (name, types)) in both.enumerated() {
        json.append(position == 0 ? 0x7B : 0x2C)
        json.append(jsonString: name)
        for (place, type) in types.enumerated() {
          json.append(place == 0 ? ":[" as StaticString : ",")
          json.append(jsonString: row.string(type))
        }
        json.append(0x5D)
      }
      json.append(0x7D)
    }
  }

  // MARK: Reported by

  /// - Returns: the URL, or an empty text where the column holds none. Anything else in it (`BBC Monitoring`) stays in `extra`.
  private func setURL(_ row: ProfileRow) -> String {
    let (text, before) = (row.string(url), row.draft.faults.count)
    guard !text.isEmpty else { return "" }
    row.set(Events.url, text, of: url)
    guard row.draft.faults.count > before else { return text }
    row.draft.faults.removeSubrange(before...)
    row.keep(url)
    return ""
  }
}
