import Assets
import Formats
import Intake
import Records
import Service
import TestSupport
import Testing

@Suite struct GroupKeyTests {
  private func gdelt(
    _ date: String = "2024-06-18", _ one: (String, String) = ("RUSGOV", "RUS"), _ two: (String, String) = ("PRK", "PRK"),
    code: String = "042",
    url: String = "https://example.org/a"
  ) -> String {
    let key = ByteBuffer()
    GroupKey.gdelt(
      date, GroupKey.Actor(code: one.0, country: one.1), GroupKey.Actor(code: two.0, country: two.1), code: code, url: url, into: key)
    return key.string
  }

  @Test func `a mirrored report of the same day, root and URL has the same key`() {
    let key = gdelt()
    #expect(!key.isEmpty)
    #expect(gdelt("2024-06-18", ("PRKMIL", "PRK"), ("RUS", "RUS"), code: "043") == key, "between countries, their bodies do not matter")
    #expect(gdelt("2024-06-19") != key)
    #expect(gdelt(code: "051") != key)
    #expect(gdelt(url: "https://example.org/b") != key)
    #expect(gdelt("2024-06-18", ("RUSGOV", "RUS"), ("KOR", "KOR")) != key)
  }

  @Test func `within one country, and where one has none, the full codes are the pair`() {
    let inside = gdelt("2024-06-18", ("USAGOV", "USA"), ("USACVL", "USA"))
    #expect(inside == gdelt("2024-06-18", ("USACVL", "USA"), ("USAGOV", "USA")))
    #expect(inside != gdelt("2024-06-18", ("USAGOV", "USA"), ("USAMIL", "USA")))
    #expect(gdelt("2024-06-18", ("USAGOV", "USA"), ("REB", "")) != gdelt("2024-06-18", ("USAMIL", "USA"), ("REB", "")))
  }

  @Test func `without both actors and a URL nothing is grouped`() {
    #expect(gdelt("2024-06-18", ("", ""), ("PRK", "PRK")).isEmpty)
    #expect(gdelt("2024-06-18", ("RUS", "RUS"), ("", "")).isEmpty)
    #expect(gdelt(url: "").isEmpty)
  }

  @Test func `ICEWS groups the two directions of one sentence`() {
    func icews(_ story: String, _ sentence: String, _ one: String, _ two: String) -> String {
      let key = ByteBuffer()
      GroupKey.icews(story: story, sentence: sentence, one, two, into: key)
      return key.string
    }
    #expect(!icews("5", "1", "a", "b").isEmpty)
    #expect(icews("5", "1", "a", "b") == icews("5", "1", "b", "a"))
    #expect(icews("5", "1", "a", "b") != icews("5", "2", "a", "b"))
    #expect(icews("51", "", "a", "b").isEmpty && icews("", "1", "a", "b").isEmpty && icews("5", "1", "", "b").isEmpty)
  }
}

@Suite struct CountryCodeTests {
  private let tables = ReferenceTables.shared

  /// States that ISO 3166-1 no longer or never had: no `country`, but stakeholders.
  private let beyondISO: Set<String> = ["ANT", "CSK", "DDR", "YUG", "XKX"]

  @Test func `every code of others leads to a country, or to a stakeholder that profiles make`() {
    let rows = CodeTable("data/country_codes.csv").rows
    #expect(Set(rows.map { "\($0.required("system")) \($0.required("code"))" }).count == rows.count, "no code stands there twice")
    for row in rows {
      let country = row.required("country")
      #expect(CountrySystem(rawValue: row.required("system")) != nil, "\(row)")
      #expect(tables.name(ofCountry: country) != nil || beyondISO.contains(country), "\(row)")
    }
  }

  @Test(
    arguments: [
      (
        CountrySystem.fips,
        ["GM": "DEU", "CH": "CHN", "SW": "SWE", "SZ": "CHE", "AU": "AUT", "AS": "AUS", "KS": "KOR", "GZ": "PSE", "WE": "PSE"]
      ),
      (.cameo, ["ROM": "ROU", "MTN": "MNE", "TMP": "TLS", "IMY": "IMN", "SSD": "SSD", "RUS": "RUS", "ANT": "ANT"]),
      (.gw, ["2": "USA", "365": "RUS", "731": "PRK", "732": "KOR", "678": "YEM", "347": "XKX", "626": "SSD", "970": "KIR", "990": "WSM"]),
      (.name, ["Russian Federation": "RUS", "North Korea": "PRK", "Türkiye": "TUR", "Turkey": "TUR", "Congo": "COG", "Namibia": "NAM"]),
    ])
  func `countries are found by what others call them`(system: CountrySystem, expected: [String: String]) {
    for (theirs, ours) in expected { #expect(tables.country(theirs, in: system) == ours, "\(theirs)") }
    for stranger in ["", "EUR", "WST", "OS", "0", "russia", "AFR "] { #expect(tables.country(stranger, in: system) == nil, "\(stranger)") }
  }

  @Test func `each country of GDELT's list is one here, and its regions are none`() throws {
    guard let file = sharedFile("cameo/cameoCountry.txt") else { return }
    let codes = file.split(separator: 0x0A).dropFirst().map { String(decoding: $0.prefix(3), as: UTF8.self) }
    // The list begins with 28 places that are no states, of which three lie in one.
    let regions = codes.prefix(28).filter { tables.country($0, in: .cameo) == nil }
    #expect(regions.count == 25)
    for code in codes.dropFirst(28) { #expect(tables.country(code, in: .cameo) != nil, "\(code)") }
  }

  @Test func `a label finds its code, in whatever case`() {
    #expect(tables.cameo(labelled: "Consult")?.code == "040")
    #expect(tables.cameo(labelled: "make a VISIT")?.code == "042")
    #expect(tables.cameo(labelled: "Make a visi") == nil)
    for code in tables.cameo where code.code.count > 2 { #expect(tables.cameo(labelled: code.label)?.label == code.label) }
  }
}
