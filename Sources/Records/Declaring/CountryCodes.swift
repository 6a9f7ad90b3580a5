internal import Formats

/// A foreign system of country codes or names.
package enum CountrySystem: String, CaseIterable, Sendable {
  /// CAMEO's alpha-3 codes: the ISO codes of its time, and codes of regions, which map to no country.
  case cameo
  /// FIPS 10-4, two letters; easily confused with ISO 3166-1 alpha-2.
  case fips
  /// Gleditsch and Ward numbers, as UCDP uses them; most equal those of the Correlates of War.
  case gw
  /// English names.
  case name
}

/// Maps foreign country codes and names to ours.
struct CountryCodes: Sendable {
  private struct System: Sendable {
    let index: ByteIndex
    /// Our codes, in the order of `index`.
    let codes: [String]

    init(_ pairs: [(theirs: String, ours: String)]) {
      let distinct = Dictionary(pairs.map { ($0.theirs, $0.ours) }, uniquingKeysWith: { first, _ in first })
      let theirs = distinct.keys.sorted()
      index = ByteIndex(theirs)
      codes = theirs.map { distinct[$0].required($0) }
    }
  }

  private let cameo, fips, gw, name: System

  /// Builds the index of each system; the first of equal codes counts.
  ///
  /// - Parameters:
  ///   - countries: rows of `countries.csv`.
  ///   - others: rows of `country_codes.csv`; they take precedence over those derived from `countries`.
  package init(_ countries: [CodeTable.Row], others: [CodeTable.Row]) {
    func system(_ system: CountrySystem, _ own: (_ country: CodeTable.Row) -> [String] = { _ in [] }) -> System {
      let known = others.filter { $0.required("system") == system.rawValue }.map {
        (theirs: $0.required("code"), ours: $0.required("country"))
      }
      return System(known + countries.flatMap { country in own(country).map { (theirs: $0, ours: country.required("code")) } })
    }
    cameo = system(.cameo) { [$0.required("code")] }
    fips = system(.fips) { ($0["fips"] ?? "").split(separator: " ").map(String.init) }
    gw = system(.gw)
    name = system(.name) { [$0.required("name")] }
  }

  /// Further English names of countries, each with our code.
  ///
  /// - Parameter rows: the rows of `country_codes.csv`.
  package static func otherNames(_ rows: [CodeTable.Row]) -> [(label: String, word: String)] {
    rows.filter { $0.required("system") == CountrySystem.name.rawValue }.map { ($0.required("code"), $0.required("country")) }
  }

  /// Our code of a country named in another system; `nil` if unknown.
  package subscript(system: CountrySystem, code: ByteView) -> String? {
    let table =
      switch system {
      case .cameo: cameo
      case .fips: fips
      case .gw: gw
      case .name: name
      }
    return table.index[code].map { table.codes[$0] }
  }
}
