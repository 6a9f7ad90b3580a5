package import Formats

/// The words of estimative probability (ICD-203): half-open bands and their midpoints, as the vocabulary `likelihood` states them.
package struct LikelihoodBand: Sendable {
  package let word: String
  /// The least probability of the band; its upper edge is the next band's lower one.
  package let low: Double
  package let midpoint: Double

  /// In order of probability.
  package static let all = Vocabularies.entries(of: "likelihood") { entry, word in
    let part = { (name: String) in entry[name].required("vocabulary likelihood: \(word): \(name)").real }
    return LikelihoodBand(word: word, low: part("low"), midpoint: part("midpoint"))
  }

  /// The band that a probability falls into; below the first and above the last the end words hold.
  package static func of(_ probability: Double) -> LikelihoodBand {
    all.last { $0.low <= probability } ?? all[0]
  }

  package static func named(_ word: ByteView) -> LikelihoodBand? {
    all.first { word.equals($0.word) }
  }
}
