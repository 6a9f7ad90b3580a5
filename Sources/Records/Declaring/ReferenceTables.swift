package import Formats

/// The code tables behind derived fields: countries with their M49 regions, and CAMEO codes with type, PLOVER type, quad class and
/// Goldstein value.
package final class ReferenceTables: Sendable {
  /// One country of `data/countries.csv`.
  package struct Country: Sendable {
    /// ISO 3166-1 alpha-3, or the code of a state that ISO does not list (`XKX`).
    package let code: String
    /// The usual English name.
    package let name: String
    /// UN M49 region, three digits as text: `030`.
    package let region: String
  }

  /// One CAMEO code. A class: as a structure its strings would be retained one by one for every row that names it.
  package final class CAMEOCode: Sendable {
    /// CAMEO code, two to four digits as text: `042`.
    package let code: String
    /// The code's title in the CAMEO codebook.
    package let name: String
    /// 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict; `nil` where the table has none.
    package let quadClass: Int64?
    /// Goldstein scale, -10 to 10; `nil` where the table has none.
    package let goldstein: Double?
    /// The usual event type, a word of `event_type`.
    package let type: String
    /// PLOVER type; `nil` where none corresponds.
    package let ploverType: String?
    /// The usual mode, a word of `event_mode`; `nil` where the code implies none.
    package let mode: String?

    fileprivate init(_ row: CodeTable.Row) {
      code = row.required("code")
      name = row.required("name")
      quadClass = row["quad_class"].flatMap { Int64($0) }
      goldstein = row["goldstein"].flatMap { Double($0) }
      type = row.required("type")
      ploverType = row["plover_type"]
      mode = row["mode"]
    }

    /// The name without the codebook's remainder clause: `Consult`, not `Consult, not specified below`.
    package var label: String { name.hasSuffix(Self.remainder) ? String(name.dropLast(Self.remainder.count)) : name }
    private static let remainder = ", not specified below"
  }

  /// The tables of the program, read once from the embedded files.
  package static let shared = ReferenceTables()

  /// All countries, in the order of the vocabulary `country`.
  package let countries: [Country]
  /// All CAMEO codes, in the order of the vocabulary `cameo`.
  package let cameo: [CAMEOCode]
  let countryVocabulary: Vocabulary
  let regionVocabulary: Vocabulary
  let cameoVocabulary: Vocabulary
  private let countryCodes: CountryCodes
  private let cameoLabels: [String: Int]
  private let eventTypeIndex: ByteIndex
  private let eventTypes: [(quadClass: Int64?, ploverType: String?)]

  private init() {
    let countryTable = CodeTable("data/countries.csv")
    countries = countryTable.rows.map {
      Country(code: $0.required("code"), name: $0.required("name"), region: $0.required("region"))
    }
    let otherCodes = CodeTable("data/country_codes.csv").rows
    countryCodes = CountryCodes(countryTable.rows, others: otherCodes)
    let cameoTable = CodeTable("data/cameo.csv")
    cameo = cameoTable.rows.map { CAMEOCode($0) }
    cameoLabels = Self.labels(cameo)
    let types = Self.eventTypeTable()
    eventTypeIndex = ByteIndex(types.map(\.0))
    eventTypes = types.map { ($0.1, $0.2) }
    countryVocabulary = Self.vocabulary("country", countryTable, further: CountryCodes.otherNames(otherCodes))
    regionVocabulary = Self.vocabulary("region", CodeTable("data/regions.csv"), parent: "parent")
    cameoVocabulary = Self.vocabulary("cameo", cameoTable)
  }

  /// The UN M49 region of a country by its alpha-3 code; `nil` for an unknown code.
  package func region(of country: ByteView) -> String? {
    countryVocabulary.number(of: country).map { countries[$0].region }
  }

  /// The quad class and PLOVER type of an event type, each `nil` where there is none; `nil` for an unknown type.
  package func eventType(_ type: ByteView) -> (quadClass: Int64?, ploverType: String?)? {
    eventTypeIndex[type].map { eventTypes[$0] }
  }

  /// The row of a CAMEO code; `nil` for a code that the table lacks.
  package func cameo(_ code: ByteView) -> CAMEOCode? {
    cameoVocabulary.number(of: code).map { cameo[$0] }
  }

  /// The CAMEO code with this label, case ignored; only codes of three digits or more, which event rows carry.
  package func cameo(labelled label: String) -> CAMEOCode? { cameoLabels[label.lowercased()].map { cameo[$0] } }

  /// Our code of a country named in another system: ISO 3166-1 alpha-3, or the code of a state that ISO no longer or never listed (`XKX`).
  /// `nil` if unknown.
  package func country(_ code: ByteView, in system: CountrySystem) -> String? { countryCodes[system, code] }

  /// Our code of a country named in another system, as the other form does.
  package func country(_ code: String, in system: CountrySystem) -> String? {
    return code.withByteView { country($0, in: system) }
  }

  /// The usual English name of a country by its alpha-3 code; `nil` for an unknown code.
  package func name(ofCountry code: String) -> String? {
    return code.withByteView { countryVocabulary.number(of: $0) }.map { countries[$0].name }
  }

  private static func labels(_ codes: [CAMEOCode]) -> [String: Int] {
    let labelled = codes.enumerated().filter { $0.element.code.count > 2 }.map { ($0.element.label.lowercased(), $0.offset) }
    return Dictionary(labelled, uniquingKeysWith: { first, _ in first })
  }

  /// Reads the vocabulary `event_type`, which gives the quad class and PLOVER type of each word.
  private static func eventTypeTable() -> [(String, Int64?, String?)] {
    Vocabularies.entries(of: "event_type") { entry, value in
      var plover: String?
      entry["plover"]?.forEachElement { if plover == nil { plover = $0.string } }
      return (value, entry["quad_class"]?.integer, plover)
    }
  }

  /// - Parameters:
  ///   - parent: the column with the wider word of a row; `nil` for a flat list.
  ///   - further: labels beyond those in the rows.
  private static func vocabulary(_ name: String, _ table: CodeTable, parent: String? = nil, further: [(label: String, word: String)] = [])
    -> Vocabulary
  {
    let json = ByteBuffer()
    json.append(0x5B)
    for (position, row) in table.rows.enumerated() {
      json.append(position == 0 ? "{\"value\":" : ",{\"value\":")
      json.append(jsonString: row.required("code"))
      for key in table.names.sorted() where key != "code" {
        guard let cell = row[key] else { continue }
        json.append(0x2C)
        json.append(jsonString: key)
        json.append(0x3A)
        json.append(jsonString: cell)
      }
      json.append(0x7D)
    }
    json.append(0x5D)
    var parents: [String: String] = [:]
    if let parent { for row in table.rows { parents[row.required("code")] = row[parent] } }
    let labels = ["name", "alpha2"].filter(table.names.contains).flatMap { column in
      table.rows.compactMap { row in row[column].map { (label: $0, word: row.required("code")) } }
    }
    return Vocabulary(
      name: name, words: table.rows.map { $0.required("code") }, json: json.array, parents: parents, labels: labels + further)
  }
}
