package import Formats
internal import Records

/// Keys under which reports of one thing are grouped.
package enum GroupKey {
  /// One actor as GDELT codes it.
  package struct Actor {
    package let code: String
    package let country: String

    /// - Parameters:
    ///   - code: `Actor1Code`; empty for nobody.
    ///   - country: `Actor1CountryCode`; empty for none.
    package init(code: String, country: String) {
      self.code = code
      self.country = country
    }
  }

  /// GDELT: the same date, unordered pair, CAMEO root and URL. The pair are two countries, or within one country its actors.
  ///
  /// Writes nothing, which means "not grouped", where an actor or the URL is missing.
  package static func gdelt(_ date: String, _ first: Actor, _ second: Actor, code: String, url: String, into key: ByteBuffer) {
    guard !first.code.isEmpty, !second.code.isEmpty, !url.isEmpty else { return }
    let areCountries = !first.country.isEmpty && !second.country.isEmpty && first.country != second.country
    write(areCountries ? (first.country, second.country) : (first.code, second.code), and: [date, String(code.prefix(2)), url], into: key)
  }

  /// ICEWS: the same sentence of the same story, and the same two actors in either order.
  package static func icews(story: String, sentence: String, _ first: String, _ second: String, into key: ByteBuffer) {
    guard !story.isEmpty, !sentence.isEmpty, !first.isEmpty, !second.isEmpty else { return }
    write((first, second), and: [story, sentence], into: key)
  }

  /// The smaller of the pair first, so that mirrored reports have one key. Cells of these tables hold no tabs.
  private static func write(_ pair: (String, String), and rest: [String], into key: ByteBuffer) {
    for part in [min(pair.0, pair.1), max(pair.0, pair.1)] + rest {
      if !key.isEmpty { key.append(0x09) }
      key.append(part)
    }
  }
}
