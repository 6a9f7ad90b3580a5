internal import Formats
internal import SQL

/// Events: visits, summits, talks, treaties, sanctions …, with their participants.
package enum Events {
  package static let title = Field(
    "title", .text(max: 300), .required, .filterable, .sortable, .searchable, doc: "What happened, in one line.",
    example: "Putin visits Pyongyang")
  package static let summary = Field("summary", .text(max: 20_000), .searchable, doc: "What happened, in a paragraph.")
  package static let type = Field(
    "type", .word("event_type"), .required, .derivable, .filterable, .sortable,
    doc: "Kind of event; derived from the CAMEO code if omitted.",
    example: "visit")
  package static let mode = Field("mode", .word("event_mode"), .filterable, doc: "How the parties met or communicated.")
  package static let status = Field("status", .word("event_status"), .filterable, doc: "Whether it has happened.", initial: "concluded")
  package static let startDate = Field(
    "start_date", .period, .required, .filterable, .sortable,
    doc: "First day. `2024-06`, `2024` and `2024-06-18/2024-06-21` set the precision, too (EDTF level 1).", example: "2024-06-18")
  package static let endDate = Field(
    "end_date", .date, .filterable, .sortable, doc: "Last day, not before the first.", example: "2024-06-19")
  package static let datePrecision = Field("date_precision", .word("date_precision"), .filterable, doc: "Precision of the dates.")
  static let dateApproximate = Field("date_approximate", .boolean, .filterable, doc: "Whether the date is approximate (EDTF `~`).")
  package static let place = Field("place", .text(max: 300), .filterable, .searchable, doc: "The place as reported.")
  package static let country = Field("country", .word("country"), .filterable, .sortable, doc: "ISO 3166-1 alpha-3.", example: "PRK")
  package static let region = Field("region", .word("region"), .readOnly, .filterable, doc: "UN M49 region of the country.", example: "030")
  package static let admin1 = Field("admin1", .text(max: 200), .filterable, doc: "First-order administrative division.")
  package static let city = Field("city", .text(max: 200), .filterable, .sortable, doc: "City.")
  package static let latitude = Field("latitude", .real(-90...90), .filterable, doc: "Degrees north, WGS 84.", example: "39.0339")
  package static let longitude = Field("longitude", .real(-180...180), .filterable, doc: "Degrees east, WGS 84.", example: "125.7543")
  package static let geoPrecision = Field(
    "geo_precision", .word("geo_precision"), .filterable, doc: "What the coordinates stand for: the exact place, or an area around it.")
  static let parentID = Field("parent_id", .reference("events"), .filterable, doc: "The event of which this one is a part.")
  package static let process = Field("process", .text(max: 200), .filterable, doc: "Negotiation or dispute to which the event belongs.")
  package static let cameoCode = Field(
    "cameo_code", .word("cameo"), .filterable, .sortable, doc: "CAMEO code; text with leading zeros.", example: "042")
  package static let ploverType = Field(
    "plover_type", .word("plover_type"), .readOnly, .filterable, doc: "PLOVER type, derived from the CAMEO code or the type.")
  package static let quadClass = Field(
    "quad_class", .integer(1...4), .readOnly, .filterable, .sortable,
    doc: "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; derived from the register's own table.")
  package static let goldstein = Field(
    "goldstein", .real(-10...10), .filterable, .sortable,
    doc: "Goldstein value, from -10 (conflict) to 10 (cooperation); derived from the CAMEO code if omitted.",
    example: "1.9")
  package static let tone = Field("tone", .real(-100...100), .filterable, .sortable, doc: "Tone of the reporting, not of the event.")
  package static let importance = Field("importance", .integer(1...5), .filterable, .sortable, doc: "1 to 5.")
  package static let verification = Field(
    "verification", .word("verification"), .filterable, doc: "How certain it is that the event happened.", initial: "reported")
  package static let reportCount = Field(
    "report_count", .integer(1...1_000_000_000), .filterable, .sortable, doc: "Number of reports grouped into this event.", initial: "1")
  static let duplicateOf = Field("duplicate_of", .reference("events"), .filterable, doc: "The event that this one duplicates.")
  package static let url = Field("url", .url, doc: "Where it was reported.")
  package static let participants = Field(
    "participants", .records(participant, max: 64), .filterable, doc: "Who took part, and how; in CSV `RUS:visitor;PRK:host`.",
    example: "[{\"stakeholder\":\"RUS\",\"role\":\"visitor\"}]")

  /// Table `events`, ids `evt_…`; codes follow ISO 3166-1, UN M49, CAMEO and PLOVER, dates EDTF (ISO 8601-2).
  package static let resource = Resource(
    "events", prefix: "evt", doc: "What happened, when, where, and who took part.", sortedBy: "-start_date", rules: Rules(prepare: prepare),
    fields: [
      title, summary, type, mode, status, startDate, endDate, datePrecision, dateApproximate, place, country, region, admin1, city,
      latitude, longitude, geoPrecision, parentID, process, cameoCode, ploverType, quadClass, goldstein, tone, importance, verification,
      reportCount, duplicateOf, url, participants,
    ])

  /// The parts of one participant, in the order of the CSV form.
  private static let participant = [
    Field("stakeholder", .handleOf("stakeholders"), .required, .filterable, doc: "Code or id of the stakeholder.", example: "RUS"),
    Field("role", .word("participant_role"), .filterable, doc: "Its role in the event.", example: "visitor"),
    Field("side", .word("participant_side"), .filterable, doc: "A or B."),
    Field("level", .word("participant_level"), .filterable, doc: "Rank of the representative."),
    Field("name_as_reported", .text(max: 200), doc: "The name given in the report."),
  ]

}

// MARK: Derived fields and rules across fields

extension Events {

  @Sendable private static func prepare(_ draft: Draft) {
    prepareDates(draft)
    prepareCodes(draft)
    let code = draft[country]
    if let known = code.isNull ? nil : ReferenceTables.shared.region(of: code.utf8) {
      draft.set(region, text: known)
    } else {
      draft.setNull(region)
    }
    if draft[latitude].isNull != draft[longitude].isNull {
      draft.fault(draft[latitude].isNull ? latitude : longitude, "incomplete", "latitude and longitude must be given together")
    }
  }

  /// Derives end date, precision and approximation from the start (`2024-06`), unless the sender gave them.
  private static func prepareDates(_ draft: Draft) {
    if let period = draft.period {
      let hasExtent = period.start != period.end
      if !draft.isGiven(endDate) {
        if hasExtent {
          draft.set(endDate, text: period.end.description)
        } else if hadDerivedEnd(draft) {
          draft.setNull(endDate)
        }
      }
      if !draft.isGiven(datePrecision) {
        draft.set(datePrecision, text: period.precision == .day ? daysOrDay(draft) : period.precision.rawValue)
      }
      if !draft.isGiven(dateApproximate) { draft.set(dateApproximate, integer: period.approximate ? 1 : 0) }
    }
    if draft[dateApproximate].isNull { draft.set(dateApproximate, integer: 0) }
    if draft[datePrecision].isNull { draft.set(datePrecision, text: daysOrDay(draft)) }
    draft.checkOrder(startDate, endDate)
  }

  /// The precision of two exact dates: `day` or `days`.
  private static func daysOrDay(_ draft: Draft) -> String {
    draft[endDate].isNull || draft.equals(startDate, draft[endDate]) ? "day" : "days"
  }

  /// Whether the current end was derived from the previous start's month, quarter or year, so that a new start may clear it.
  private static func hadDerivedEnd(_ draft: Draft) -> Bool {
    guard let previous = draft.previous, let start = CalendarDate(iso: previous[startDate].utf8) else { return false }
    let derived: CalendarDate? =
      switch previous[datePrecision].string {
      case "month": start.lastOfMonth
      case "quarter": start.lastOfQuarter
      case "year": start.lastOfYear
      default: nil
      }
    return derived.map { $0.description == previous[endDate].string } ?? false
  }

  /// Derives type, PLOVER type, quad class, mode and Goldstein value from the CAMEO code; without one, PLOVER type and quad class from the
  /// type.
  private static func prepareCodes(_ draft: Draft) {
    let code = draft[cameoCode]
    let known = code.isNull ? nil : ReferenceTables.shared.cameo(code.utf8)
    if draft[type].isNull, !draft.isGiven(type), let usual = known?.type { draft.set(type, text: usual) }
    let kind = ReferenceTables.shared.eventType(draft[type].utf8)
    let quad = known?.quadClass ?? kind?.quadClass
    if let quad { draft.set(quadClass, integer: quad) } else { draft.setNull(quadClass) }
    if let plover = known?.ploverType ?? kind?.ploverType {
      draft.set(ploverType, text: plover)
    } else {
      draft.setNull(ploverType)
    }
    if draft[mode].isNull, !draft.isGiven(mode), let usual = known?.mode { draft.set(mode, text: usual) }
    guard !draft.isGiven(goldstein), isDerivedGoldstein(draft) else { return }
    if let value = known?.goldstein { draft.set(goldstein, real: value) } else { draft.setNull(goldstein) }
  }

  /// Whether the current value was derived from the previous CAMEO code, so that a new code may replace it.
  private static func isDerivedGoldstein(_ draft: Draft) -> Bool {
    guard !draft[goldstein].isNull, let previous = draft.previous else { return draft[goldstein].isNull }
    let before = previous[cameoCode].isNull ? nil : ReferenceTables.shared.cameo(previous[cameoCode].utf8)?.goldstein
    return before == draft[goldstein].real
  }
}
