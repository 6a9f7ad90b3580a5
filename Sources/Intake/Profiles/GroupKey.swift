package import Formats
internal import Records

/// Keys that group reports of the same event.
package enum GroupKey {
  /// An actor as GDELT codes it.
  package struct Actor {
    /// `Actor1Code` or `Actor2Code`: a CAMEO actor code; empty for nobody.
    package let code: String
    /// `Actor1CountryCode` or `Actor2CountryCode`: three letters; empty for none.
    package let country: String

    /// - Parameters:
    ///   - code: `Actor1Code`; empty for nobody.
    ///   - country: `Actor1CountryCode`; empty for none.
    package init(code: String, country: String) {
      self.code = code
      self.country = country
    }
  }

  /// Writes a GDELT key: date, unordered pair, CAMEO root code and URL. The pair is two countries, or within one country its two actors.
  ///
  /// Writes nothing, which means "not grouped", where an actor or the URL is missing.
  package static func gdelt(_ date: String, _ first: Actor, _ second: Actor, code: String, url: String, into key: ByteBuffer) {
    guard !first.code.isEmpty, !second.code.isEmpty, !url.isEmpty else { return }
    let areCountries = !first.country.isEmpty && !second.country.isEmpty && first.country != second.country
    write(areCountries ? (first.country, second.country) : (first.code, second.code), and: [date, String(code.prefix(2)), url], into: key)
  }

  /// Writes an ICEWS key: story, sentence and unordered pair of actors. Writes nothing where one of them is missing.
  package static func icews(story: String, sentence: String, _ first: String, _ second: String, into key: ByteBuffer) {
    guard !story.isEmpty, !sentence.isEmpty, !first.isEmpty, !second.isEmpty else { return }
    write((first, second), and: [story, sentence], into: key)
  }

  /// Writes the smaller of the pair first, so that mirrored reports share one key. Cells of these tables hold no tabs.
  private static func write(_ pair: (String, String), and rest: [String], into key: ByteBuffer) {
    for part in [min(pair.0, pair.1), max(pair.0, pair.1)] + rest {
      if !key.isEmpty { key.append(0x09) }
      key.append(part)
    }
  }
}
