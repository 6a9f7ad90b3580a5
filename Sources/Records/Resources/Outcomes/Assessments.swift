internal import Formats
internal import SQL

/// Judgements of one outcome's probability; append-only.
package enum Assessments {
  package static let outcome = Field(
    "outcome", .reference("outcomes"), .required, .filterable, doc: "The outcome being assessed.", example: "demo/sanctions")
  static let assessedAt = Field(
    "assessed_at", .timestamp, .required, .filterable, .sortable, doc: "When the assessment was made.", example: "2024-06-19T12:00:00Z")
  package static let assessor = Field(
    "assessor", .text(max: 100), .required, .filterable, .sortable, doc: "Who made the assessment: a name or a code.", example: "analyst-a")
  package static let probability = Field(
    "probability", .real(0.001...0.999), .filterable, .sortable, doc: "Probability that the outcome occurs. Send this or a likelihood.",
    example: "0.7")
  static let probabilityBasis = Field(
    "probability_basis", .word("probability_basis"), .readOnly, .filterable,
    doc: "Whether the probability was given, or is the midpoint of the likelihood's band.")
  package static let likelihood = Field(
    "likelihood", .word("likelihood"), .filterable, doc: "ICD-203 term. Without a probability, the midpoint of its band is used.",
    example: "likely")
  package static let low = Field("low", .real(0...1), doc: "Lower bound of the probability.")
  package static let high = Field("high", .real(0...1), doc: "Upper bound of the probability.")
  package static let confidence = Field(
    "confidence", .word("confidence"), .filterable, doc: "Confidence in the assessment, not in the outcome.", example: "moderate")
  package static let rationale = Field("rationale", .text(max: 4_000), .searchable, doc: "Why.")

  /// Table `assessments`, ids `asm_…`; append-only, deleted with their outcome. Likelihoods follow ICD-203.
  package static let resource = Resource(
    "assessments", prefix: "asm", doc: "How likely an outcome was judged to be; append-only.", parent: ("outcomes", "outcome"),
    sortedBy: "-assessed_at", isAppendOnly: true, rules: Rules(prepare: prepare),
    fields: [
      outcome, assessedAt, assessor, probability, probabilityBasis, likelihood, low, high, confidence, rationale,
    ])

  @Sendable private static func prepare(_ draft: Draft) {
    if let previous = draft.previous { dropDerived(draft, previous) }
    guard isOneOrConsistent(draft) else {
      return draft.fault(
        probability, "one_of", "give probability or likelihood, or both if the probability lies within the band of the likelihood")
    }
    if draft[probability].isNull {
      guard let band = LikelihoodBand.named(draft[likelihood].utf8) else { return }
      draft.set(probability, real: band.midpoint)
      draft.set(probabilityBasis, text: "likelihood")
    } else {
      draft.set(likelihood, text: LikelihoodBand.of(draft[probability].real).word)
      draft.set(probabilityBasis, text: "given")
    }
    let value = draft[probability].real
    if !draft[low].isNull, draft[low].real > value { draft.fault(low, "out_of_order", "low is above the probability \(value)") }
    if !draft[high].isNull, draft[high].real < value { draft.fault(high, "out_of_order", "high is below the probability \(value)") }
  }

  /// On an update the record has both values and the row often gives one: the value that was derived from the other is dropped.
  private static func dropDerived(_ draft: Draft, _ previous: Draft) {
    let isSame = { (field: Field) in !draft.isGiven(field) || draft.equals(field, previous[field]) }
    if isSame(probability), isSame(likelihood) {
      draft.setNull(previous[probabilityBasis].string == "given" ? likelihood : probability)
    } else if !draft.isGiven(likelihood) {
      draft.setNull(likelihood)
    } else if !draft.isGiven(probability) {
      draft.setNull(probability)
    }
  }

  /// Whether one of the two is given, or both agree, as in an exported assessment.
  private static func isOneOrConsistent(_ draft: Draft) -> Bool {
    guard !draft[probability].isNull, !draft[likelihood].isNull else { return draft[probability].isNull != draft[likelihood].isNull }
    return draft[likelihood].string == LikelihoodBand.of(draft[probability].real).word
  }
}
