internal import Formats

/// Visits of foreign leaders to the United States, as the Office of the Historian publishes them (one row a visit, comma, header).
struct HistorianVisitsProfile: ImportProfile {
  let name = "historian-visits"
  let doc = "US Office of the Historian: visits of foreign leaders to the United States."
  let resource: Resource? = Events.resource
  let columns = [
    (name: "id", doc: "external_id; the source is historian-visits"),
    (name: "start_date", doc: "start_date"),
    (name: "end_date", doc: "end_date"),
    (name: "visitor", doc: "part of the title; name_as_reported of the visitor"),
    (name: "from_id", doc: "extra"),
    (name: "from_name", doc: "the visitor's state, by the name it had"),
    (name: "description", doc: "summary"),
    (name: "created", doc: "extra"),
    (name: "file", doc: "extra"),
  ]

  func takes(_ form: ImportOptions.Form) -> Bool { form == .csv }

  func needsNoResource(_ form: ImportOptions.Form) -> Bool { true }

  func read(_ cells: ProfileRow, into draft: Draft, _ reader: DraftReader) {
    let (visitor, from) = (cells.string(3), cells.string(5))
    unsafe reader.set("external_id", cells[0], in: draft)
    reader.set("source", text: name, in: draft)
    unsafe reader.set("start_date", cells[1], in: draft)
    unsafe reader.set("end_date", cells[2], in: draft)
    reader.set("title", text: "\(visitor) (\(from)) visits the United States", in: draft)
    reader.set("type", text: "visit", in: draft)
    reader.set("mode", text: "visit", in: draft)
    reader.set("status", text: "concluded", in: draft)
    reader.set("verification", text: "official", in: draft)
    reader.set("country", text: "USA", in: draft)
    reader.set("cameo_code", text: "042", in: draft)
    unsafe reader.set("summary", cells[6], in: draft)
    guard let code = Self.code(of: from) else {
      return draft.fault(FieldPath("from_name"), "unknown_state", "\"\(from)\" is no state that this profile knows")
    }
    reader.setJSON("participants", in: draft) { json in
      json.append("[{\"stakeholder\":")
      json.append(jsonString: code)
      json.append(",\"role\":\"visitor\",\"name_as_reported\":")
      json.append(jsonString: visitor)
      json.append("},{\"stakeholder\":\"USA\",\"role\":\"host\"}]")
    }
    reader.setJSON("extra", in: draft) { json in
      json.append("{\"from_id\":")
      unsafe json.append(jsonString: cells[4])
      json.append(",\"from_name\":")
      json.append(jsonString: from)
      json.append(",\"created\":")
      unsafe json.append(jsonString: cells[7])
      json.append(",\"file\":")
      unsafe json.append(jsonString: cells[8])
      json.append("}")
    }
  }

  private static func code(of name: String) -> String? {
    if let known = otherNames[name] { return known }
    var name = name
    return name.withUTF8 { unsafe ReferenceTables.shared.country(named: UnsafeRawBufferPointer($0))?.code }
  }

  /// States under the names that the file has and the country table has not. Where a state of today bore the name (Burma, Zaire), its
  /// code; where it is another state, the code of ISO 3166-3 or one of our own.
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

  /// States that are gone or have no ISO code; made when a row names them.
  let stakeholders: [String: [String: String]] = [
    "CSK": ["name": "Czechoslovakia", "valid_from": "1918-10-28", "valid_to": "1992-12-31"],
    "DDR": ["name": "German Democratic Republic", "valid_from": "1949-10-07", "valid_to": "1990-10-02"],
    "SUN": ["name": "Soviet Union", "valid_from": "1922-12-30", "valid_to": "1991-12-26"],
    "XKX": ["name": "Kosovo", "valid_from": "2008-02-17"],
    "YUG": ["name": "Yugoslavia", "valid_from": "1918-12-01"],
    "china-republic-of": ["name": "Republic of China", "valid_from": "1912-01-01"],
    "hawaii": ["name": "Kingdom of Hawaii", "valid_to": "1893-01-17"],
    "tanganyika": ["name": "Tanganyika", "valid_from": "1961-12-09", "valid_to": "1964-04-25"],
    "yemen-arab-republic": ["name": "Yemen Arab Republic", "valid_from": "1962-09-27", "valid_to": "1990-05-21"],
    "zimbabwe-rhodesia": ["name": "Zimbabwe Rhodesia", "valid_from": "1979-06-01", "valid_to": "1979-12-11"],
  ]
}
