internal import Formats
internal import Records

extension ImportProfile {
  /// Visits of foreign leaders to the United States, as the Office of the Historian publishes them: comma-separated, with a header, one
  /// visit per row.
  static let historianVisits = ImportProfile(
    name: HistorianVisits.name, doc: "US Office of the Historian: visits of foreign leaders to the United States.",
    resource: Events.resource, source: HistorianVisits.name, table: HistorianVisits.table,
    stakeholders: StatesBeyondISO.all, map: HistorianVisits().map)
}

private struct HistorianVisits {
  static let name = "historian-visits"

  static let table = ProfileTable(columns: [
    ProfileColumn("id", .text, .field("external_id")),
    ProfileColumn("start_date", .text, .field("start_date")),
    ProfileColumn("end_date", .text, .field("end_date")),
    ProfileColumn("visitor", .text, .mapped("part of the title; name_as_reported of the visitor")),
    ProfileColumn("from_id", .text, .extra),
    ProfileColumn("from_name", .text, .extra),
    ProfileColumn("description", .text, .field("summary")),
    ProfileColumn("created", .text, .extra),
    ProfileColumn("file", .text, .extra),
  ])

  private let visitor = HistorianVisits.table.number("visitor")
  private let from = HistorianVisits.table.number("from_name")

  func map(_ row: ProfileRow) {
    let (visitor, from) = (row.string(visitor), row.string(from))
    let (draft, reader) = (row.draft, row.reader)
    for (field, value) in Self.constants { reader.set(field, text: value, in: draft) }
    reader.set(Events.title, text: "\(visitor) (\(from)) visits the United States", in: draft)
    guard let code = code(of: from) else {
      return row.fault(self.from, "unknown_state", "\"\(from)\" is not a state known to this profile")
    }
    reader.setJSON(Events.participants, in: draft) { json in
      json.append("[{\"stakeholder\":")
      json.append(jsonString: code)
      json.append(",\"role\":\"visitor\",\"name_as_reported\":")
      json.append(jsonString: visitor)
      json.append("},{\"stakeholder\":\"USA\",\"role\":\"host\"}]")
    }
  }

  private static let constants = [
    (Events.type, "visit"), (Events.mode, "visit"), (Events.status, "concluded"), (Events.verification, "official"),
    (Events.country, "USA"),
    (Events.cameoCode, "042"),
  ]

  private func code(of name: String) -> String? { Self.otherNames[name] ?? ReferenceTables.shared.country(name, in: .name) }

  /// State names that the file uses and the country table lacks. A former name of a present state (Burma, Zaire) maps to that state's code,
  /// another state to its ISO 3166-3 code or to one of our own.
  private static let otherNames: [String: String] = [
    "Afghanistan (Interim Authority)": "AFG", "Bosnia-Herzegovina": "BIH", "Bosnian Federation": "BIH", "Brunei Darussalam": "BRN",
    "Burma": "MMR", "Cabo Verde": "CPV", "Ceylon (Sri Lanka)": "LKA", "China, People’s Republic of": "CHN",
    "China, Republic of": "china-republic-of",
    "Congo, Democratic Republic of": "COD", "Congo, Republic of": "COG", "Cote d’Ivoire": "CIV", "Cuba (Provisional Government)": "CUB",
    "Czech Republic": "CZE", "Czechoslovakia": "CSK", "Czechoslovakia (government-in-exile)": "CSK", "Dahomey (Benin)": "BEN",
    "Democratic Republic of the Congo (Zaire)": "COD", "East Timor": "TLS", "France (Provisional Government)": "FRA",
    "German Democratic Republic": "DDR", "Germany, Federal Republic of": "DEU", "Hawaii": "hawaii",
    "Israel (Provisional Government)": "ISR",
    "Ivory Coast": "CIV", "Khmer Republic (Cambodia)": "KHM", "Korea": "KOR", "Korea, South": "KOR", "Kosovo": "XKX", "Macedonia": "MKD",
    "Macedonia, Former Yugoslav Republic of": "MKD", "Malaya": "MYS", "Muscat & Oman": "OMN", "Poland (government-in-exile)": "POL",
    "Sao Tome and Principe": "STP", "Siam (Thailand)": "THA", "Slovak Republic": "SVK", "Somali Republic": "SOM", "Somoa": "WSM",
    "St. Christopher and Nevis": "KNA", "St. Kitts and Nevis": "KNA", "St. Lucia": "LCA", "St. Vincent and the Grenadines": "VCT",
    "Swaziland": "SWZ", "Tanganyika": "tanganyika", "The Gambia": "GMB", "Turkey": "TUR", "U.S.S.R.": "SUN", "Union of South Africa": "ZAF",
    "Upper Volta": "BFA", "Upper Volta (Burkina Faso)": "BFA", "Vatican City": "VAT", "Western Samoa": "WSM",
    "Yemen Arab Republic": "yemen-arab-republic",
    "Yugoslavia": "YUG", "Zimbabwe Rhodesia": "zimbabwe-rhodesia",
  ]
}
