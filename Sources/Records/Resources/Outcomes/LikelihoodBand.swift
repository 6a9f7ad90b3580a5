package import Formats

/// The terms of estimative probability (ICD-203) with half-open bands and midpoints, from the vocabulary `likelihood`.
package struct LikelihoodBand: Sendable {
  /// The ICD-203 term as a word of the vocabulary `likelihood`.
  package let word: String
  /// The lower edge, inclusive, 0 to 1; the upper edge is the next band's lower one, exclusive.
  package let low: Double
  /// The probability used when only the term is given, 0 to 1.
  package let midpoint: Double

  /// All bands, in ascending order of probability.
  package static let all = Vocabularies.entries(of: "likelihood") { entry, word in
    let part = { (name: String) in entry[name].required("vocabulary likelihood: \(word): \(name)").real }
    return LikelihoodBand(word: word, low: part("low"), midpoint: part("midpoint"))
  }

  /// The band of a probability; values outside all bands get the first or the last one.
  package static func of(_ probability: Double) -> LikelihoodBand {
    all.last { $0.low <= probability } ?? all[0]
  }

  /// The band with this term; `nil` for any other word.
  package static func named(_ word: ByteView) -> LikelihoodBand? {
    all.first { word.equals($0.word) }
  }
}
