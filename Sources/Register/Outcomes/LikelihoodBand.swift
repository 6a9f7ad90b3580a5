/// The words of estimative probability (ICD-203): half-open bands and their midpoints.
package struct LikelihoodBand: Sendable {
  package let word: String
  package let low: Double
  package let midpoint: Double

  package static let all = [
    LikelihoodBand(word: "almost_no_chance", low: 0, midpoint: 0.03),
    LikelihoodBand(word: "very_unlikely", low: 0.05, midpoint: 0.125),
    LikelihoodBand(word: "unlikely", low: 0.20, midpoint: 0.325),
    LikelihoodBand(word: "roughly_even", low: 0.45, midpoint: 0.50),
    LikelihoodBand(word: "likely", low: 0.55, midpoint: 0.675),
    LikelihoodBand(word: "very_likely", low: 0.80, midpoint: 0.875),
    LikelihoodBand(word: "almost_certain", low: 0.95, midpoint: 0.97),
  ]

  /// The band that a probability falls into; below the first and above the last the end words hold.
  package static func of(_ probability: Double) -> LikelihoodBand {
    all.last { $0.low <= probability } ?? all[0]
  }

  package static func named(_ word: UnsafeRawBufferPointer) -> LikelihoodBand? {
    all.first { unsafe $0.word.utf8.elementsEqual(word) }
  }
}
