internal import Assets
internal import Formats

/// The code tables that derived fields are taken from: countries with their M49 regions, CAMEO with type, PLOVER, quad class
/// and Goldstein value.
package final class ReferenceTables: Sendable {
  package struct Country: Sendable {
    package let code: String
    package let name: String
    package let region: String
  }

  /// A class: as a structure its texts would be retained one by one for every row that names it.
  package final class CAMEOCode: Sendable {
    package let code: String
    package let name: String
    package let quadClass: Int64?
    package let goldstein: Double?
    package let type: String
    package let ploverType: String?
    package let mode: String?

    fileprivate init(_ row: [String: String]) {
      code = row["code"] ?? ""
      name = row["name"] ?? ""
      quadClass = row["quad_class"].flatMap { Int64($0) }
      goldstein = row["goldstein"].flatMap { Double($0) }
      type = row["type"] ?? "other"
      ploverType = row["plover_type"]
      mode = row["mode"]
    }

    /// Its name without what only matters beside its neighbours: `Consult`, not `Consult, not specified below`.
    package var label: String { name.hasSuffix(Self.remainder) ? String(name.dropLast(Self.remainder.count)) : name }
    private static let remainder = ", not specified below"
  }

  package static let shared = ReferenceTables()

  package let countries: [Country]
  package let cameo: [CAMEOCode]
  let countryVocabulary: Vocabulary
  let regionVocabulary: Vocabulary
  let cameoVocabulary: Vocabulary
  private let countryCodes: CountryCodes
  private let cameoLabels: [String: Int]
  private let eventTypeIndex: ByteIndex
  private let eventTypes: [(quadClass: Int64?, ploverType: String?)]

  private init() {
    let countryRows = Self.table("data/countries.csv")
    countries = countryRows.map { Country(code: $0["code"] ?? "", name: $0["name"] ?? "", region: $0["region"] ?? "") }
    countryCodes = CountryCodes(countryRows, others: Self.table("data/country_codes.csv"))
    let cameoRows = Self.table("data/cameo.csv")
    cameo = cameoRows.map { CAMEOCode($0) }
    cameoLabels = Self.labels(cameo)
    let types = Self.eventTypeTable()
    eventTypeIndex = ByteIndex(types.map(\.0))
    eventTypes = types.map { ($0.1, $0.2) }
    countryVocabulary = Self.vocabulary("country", countryRows)
    regionVocabulary = Self.vocabulary("region", Self.table("data/regions.csv"))
    cameoVocabulary = Self.vocabulary("cameo", cameoRows)
  }

  /// The M49 region of a country by its alpha-3 code.
  package func region(of country: UnsafeRawBufferPointer) -> String? {
    unsafe countryVocabulary.number(of: country).map { countries[$0].region }
  }

  /// What the table says of an event type: its quad class and, where it has one, its PLOVER type.
  package func eventType(_ type: UnsafeRawBufferPointer) -> (quadClass: Int64?, ploverType: String?)? {
    unsafe eventTypeIndex[type].map { eventTypes[$0] }
  }

  package func cameo(_ code: UnsafeRawBufferPointer) -> CAMEOCode? {
    unsafe cameoVocabulary.number(of: code).map { cameo[$0] }
  }

  /// The code of the action that a label names, in whatever case: of those with three digits or more, which rows have.
  package func cameo(labelled label: String) -> CAMEOCode? { cameoLabels[label.lowercased()].map { cameo[$0] } }

  /// What a country is called here: its ISO 3166-1 alpha-3 code, or that of a stakeholder that ISO no longer or never listed (`XKX`).
  package func country(_ code: UnsafeRawBufferPointer, in system: CountrySystem) -> String? { unsafe countryCodes[system, code] }

  package func country(_ code: String, in system: CountrySystem) -> String? {
    var code = code
    return code.withUTF8 { unsafe country(UnsafeRawBufferPointer($0), in: system) }
  }

  /// The usual English name of a country by its alpha-3 code.
  package func name(ofCountry code: String) -> String? {
    var code = code
    return code.withUTF8 { unsafe countryVocabulary.number(of: UnsafeRawBufferPointer($0)) }.map { countries[$0].name }
  }

  /// The rows of an embedded CSV file, empty cells left out.
  package static func table(_ path: String) -> [[String: String]] {
    guard let bytes = unsafe Assets.bytes(path) else { return [] }
    var names: [String] = []
    var rows: [[String: String]] = []
    var reader = CSVReader()
    let take = { (row: CSVRow) in
      let cells = (0..<row.count).map { unsafe String(decoding: row[$0], as: UTF8.self) }
      guard !names.isEmpty else { return names = cells }
      rows.append(Dictionary(zip(names, cells).filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first }))
    }
    unsafe reader.feed(bytes) { take($0) }
    reader.finish { take($0) }
    return rows
  }

  private static func labels(_ codes: [CAMEOCode]) -> [String: Int] {
    let labelled = codes.enumerated().filter { $0.element.code.count > 2 }.map { ($0.element.label.lowercased(), $0.offset) }
    return Dictionary(labelled, uniquingKeysWith: { first, _ in first })
  }

  /// From the vocabulary of event types, which states the quad class and PLOVER type of each.
  private static func eventTypeTable() -> [(String, Int64?, String?)] {
    var types: [(String, Int64?, String?)] = []
    guard let bytes = unsafe Assets.bytes("data/vocabularies.json") else { return types }
    try? unsafe JSONParser.reading(bytes) { lists in
      lists["event_type"]?.forEachElement { entry in
        var plover: String?
        entry["plover"]?.forEachElement { if plover == nil { plover = $0.string } }
        types.append((entry["value"]?.string ?? "", entry["quad_class"]?.integer, plover))
      }
    }
    return types
  }

  private static func vocabulary(_ name: String, _ rows: [[String: String]]) -> Vocabulary {
    let json = ByteBuffer()
    json.append(0x5B)
    for (position, row) in rows.enumerated() {
      json.append(position == 0 ? "{\"value\":" : ",{\"value\":")
      json.append(jsonString: row["code"] ?? "")
      for key in row.keys.sorted() where key != "code" {
        json.append(0x2C)
        json.append(jsonString: key)
        json.append(0x3A)
        json.append(jsonString: row[key] ?? "")
      }
      json.append(0x7D)
    }
    json.append(0x5D)
    let parents = rows.compactMap { row in row["parent"].map { (row["code"] ?? "", $0) } }
    return Vocabulary(
      name: name, words: rows.map { $0["code"] ?? "" }, json: json.array, parents: Dictionary(parents, uniquingKeysWith: { $1 }))
  }
}
