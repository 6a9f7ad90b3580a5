internal import Formats
internal import Records

extension ImportProfile {
  /// Coded event data of the Integrated Crisis Early Warning System: tab-separated, with a header, no quotes.
  package static let icews = ImportProfile(
    name: ICEWS.name, doc: "ICEWS coded event data (20 columns, tab-separated).", resource: Events.resource, source: ICEWS.name,
    table: ICEWS.table, isGrouped: true, takesInterstate: true, stakeholders: StatesBeyondISO.all, map: ICEWS().map)
}

private struct ICEWS {
  static let name = "icews"

  static let table = ProfileTable(
    delimiter: UInt8(ascii: "\t"), quotes: false, nulls: ["NA", "NULL"],
    columns: [
      ProfileColumn("Event ID", .text, .mapped("external_id, as `Event ID@Event Date`, since ids repeat")),
      ProfileColumn("Event Date", .text, .field("start_date")),
      ProfileColumn("Source Name", .text, .mapped("part of the title; name_as_reported of a state, otherwise extra")),
      ProfileColumn("Source Sectors", .text, .extra),
      ProfileColumn("Source Country", .text, .mapped("participants; extra if the register does not know the state")),
      ProfileColumn("Event Text", .text, .mapped("part of the title; cameo_code if `CAMEO Code` is empty, otherwise extra")),
      ProfileColumn("CAMEO Code", .text, .mapped("cameo_code, from which type, mode, plover_type, quad_class and the roles follow")),
      ProfileColumn("Intensity", .real, .field("goldstein")),
      ProfileColumn("Target Name", .text, .mapped("part of the title; name_as_reported of a state, otherwise extra")),
      ProfileColumn("Target Sectors", .text, .extra),
      ProfileColumn("Target Country", .text, .mapped("participants; extra if the register does not know the state")),
      ProfileColumn("Story ID", .text, .extra),
      ProfileColumn("Sentence Number", .text, .extra),
      ProfileColumn("Publisher", .text, .extra),
      ProfileColumn("City", .text, .field("city")),
      ProfileColumn("District", .text, .extra),
      ProfileColumn("Province", .text, .field("admin1")),
      ProfileColumn("Country", .text, .mapped("country; extra if ISO 3166 has no such country")),
      ProfileColumn("Latitude", .real, .field("latitude")),
      ProfileColumn("Longitude", .real, .field("longitude")),
    ])

  private let id = ICEWS.table.number("Event ID")
  private let date = ICEWS.table.number("Event Date")
  private let sourceName = ICEWS.table.number("Source Name")
  private let sourceCountry = ICEWS.table.number("Source Country")
  private let text = ICEWS.table.number("Event Text")
  private let cameo = ICEWS.table.number("CAMEO Code")
  private let targetName = ICEWS.table.number("Target Name")
  private let targetCountry = ICEWS.table.number("Target Country")
  private let story = ICEWS.table.number("Story ID")
  private let sentence = ICEWS.table.number("Sentence Number")
  private let city = ICEWS.table.number("City")
  private let district = ICEWS.table.number("District")
  private let province = ICEWS.table.number("Province")
  private let country = ICEWS.table.number("Country")
  private let latitude = ICEWS.table.number("Latitude")

  func map(_ row: ProfileRow) {
    setID(row)
    setPlace(row)
    let source = actor(row, sourceName, sourceCountry)
    let target = actor(row, targetName, targetCountry)
    CodedEvents.passOver(row, source, target)
    guard let code = code(row) else { return }
    let action = row.isEmpty(text) ? code.label : row.string(text)
    row.set(Events.title, CodedEvents.title(source, action, target), of: text)
    CodedEvents.setParticipants(row, code, source, target)
    GroupKey.icews(
      story: row.string(story), sentence: row.string(sentence), groupName(source), groupName(target), into: row.row.groupKey)
  }

  private func setID(_ row: ProfileRow) {
    for column in [id, date] where row.isEmpty(column) {
      row.fault(column, "required", "Event ID and Event Date together identify the event")
    }
    guard !row.isEmpty(id), !row.isEmpty(date) else { return }
    row.set("external_id", "\(row.string(id))@\(row.string(date))", of: id)
  }

  /// The CAMEO code by its number, or by its text where the number is missing.
  private func code(_ row: ProfileRow) -> ReferenceTables.CAMEOCode? {
    guard row.isEmpty(cameo) else {
      if let code = CodedEvents.setCode(row, cameo) {
        if row.string(text).lowercased() != code.label.lowercased() { row.keep(text) }
        return code
      }
      return nil
    }
    guard !row.isEmpty(text) else {
      row.fault(cameo, "required", "a CAMEO code is required, or an Event Text that names one")
      return nil
    }
    guard let code = ReferenceTables.shared.cameo(labelled: row.string(text)) else {
      row.fault(text, "not_a_word", "the CAMEO code is missing, and \"\(row.string(text).prefix(60))\" is not the name of one")
      return nil
    }
    row.set(Events.cameoCode, code.code, of: text)
    return code
  }

  private func actor(_ row: ProfileRow, _ name: Int, _ country: Int) -> CodedActor {
    let state = ReferenceTables.shared.country(row[country], in: .name)
    if state == nil { row.keep(country) }
    return CodedActor(state: state, name: row.string(name), nameColumn: name, fallback: row.string(country))
  }

  /// Qualifies a group by its country: the `Police` of two countries are two groups.
  private func groupName(_ actor: CodedActor) -> String {
    actor.label.isEmpty ? "" : "\(actor.label)@\(actor.state ?? "")"
  }

  // MARK: Where

  private func setPlace(_ row: ProfileRow) {
    let parts = [city, district, province, country].filter { !row.isEmpty($0) }
    if let first = parts.first { row.set(Events.place, CodedEvents.place(parts.map { row.string($0) }), of: first) }
    if let known = ReferenceTables.shared.country(row[country], in: .name), ReferenceTables.shared.name(ofCountry: known) != nil {
      row.set(Events.country, known, of: country)
    } else {
      row.keep(country)
    }
    guard !row.isEmpty(latitude), let first = parts.first else { return }
    row.set(Events.geoPrecision, precision(of: first), of: first)
  }

  /// The coordinates stand for the smallest unit that is named.
  private func precision(of unit: Int) -> String {
    switch unit {
    case city: "near"
    case district: "admin2"
    case province: "admin1"
    default: "country"
    }
  }
}
