internal import Formats

/// The words of estimative probability (ICD-203): half-open bands and their midpoints, as the vocabulary `likelihood` states them.
package struct LikelihoodBand: Sendable {
  package let word: String
  /// The least probability of the band; its upper edge is the next band's lower one.
  package let low: Double
  package let midpoint: Double

  /// In order of probability.
  package static let all = read()

  /// The band that a probability falls into; below the first and above the last the end words hold.
  package static func of(_ probability: Double) -> LikelihoodBand {
    all.last { $0.low <= probability } ?? all[0]
  }

  package static func named(_ word: UnsafeRawBufferPointer) -> LikelihoodBand? {
    all.first { unsafe $0.word.utf8.elementsEqual(word) }
  }

  private static func read() -> [LikelihoodBand] {
    var bands: [LikelihoodBand] = []
    let list = Vocabularies.shared["likelihood"]?.json ?? []
    try? unsafe list.withUnsafeBytes { bytes in
      try unsafe JSONParser.reading(bytes) { root in
        root.forEachElement { entry in
          guard let word = entry["value"]?.string, let low = entry["low"]?.real, let midpoint = entry["midpoint"]?.real else { return }
          bands.append(LikelihoodBand(word: word, low: low, midpoint: midpoint))
        }
      }
    }
    return bands
  }
}
