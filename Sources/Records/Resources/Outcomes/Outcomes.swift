internal import SQL

/// Outcomes: what may follow from an event, where, and whether it did.
package enum Outcomes {
  package static let event = Field(
    "event", .reference("events"), .filterable, doc: "The event from which the outcome may follow.", example: "demo/2024-pyongyang")
  package static let title = Field(
    "title", .text(max: 300), .required, .filterable, .sortable, .searchable, doc: "The outcome in one line.", example: "Increased tensions"
  )
  package static let description = Field("description", .text(max: 20_000), .searchable, doc: "The outcome in a paragraph.")
  package static let kind = Field(
    "kind", .word("outcome_kind"), .filterable, doc: "Whether the outcome is potential or observed.", initial: "potential")
  package static let theme = Field("theme", .word("theme"), .filterable, .sortable, doc: "PLOVER context.", example: "military")
  package static let direction = Field(
    "direction", .word("direction"), .filterable, doc: "Whether the outcome raises or lowers tension.", example: "escalatory")
  package static let regionalImpacts = Field(
    "regional_impacts", .records(impact, max: 64), .linked, .filterable, doc: "Impacts on regions and stakeholders.")
  package static let horizon = Field(
    "horizon", .date, .filterable, .sortable, doc: "The day by which the outcome will be decided.", example: "2024-12-31")
  static let resolutionCriteria = Field(
    "resolution_criteria", .text(max: 4_000), .searchable,
    doc: "How to decide whether the outcome occurred; required before it can be scored.")
  package static let status = Field(
    "status", .word("outcome_status"), .filterable, .sortable, doc: "Open, or how it was resolved.", initial: "open")
  static let resolvedOn = Field("resolved_on", .date, .filterable, .sortable, doc: "Day of the resolution.")
  static let resolutionNote = Field("resolution_note", .text(max: 4_000), doc: "Why it was resolved that way.")
  package static let evidence = Field("evidence", .list(.target(["events"]), max: 64), .linked, doc: "Events that prove the resolution.")
  package static let probability = Field("probability", .real(0...1), .readOnly, .filterable, .sortable, doc: "From the latest assessment.")
  package static let likelihood = Field(
    "likelihood", .word("likelihood"), .readOnly, .filterable, doc: "ICD-203 term for that probability.")
  package static let confidence = Field("confidence", .word("confidence"), .readOnly, .filterable, doc: "From the latest assessment.")
  package static let assessmentCount = Field(
    "assessment_count", .integer(0...Int64.max), .readOnly, .filterable, .sortable, doc: "Number of assessments.", initial: "0")

  /// Table `outcomes`, ids `out_…`; probability, likelihood and confidence come from the latest assessment.
  package static let resource = Resource(
    "outcomes", prefix: "out", doc: "What may follow from an event, where, and whether it did.", rules: Rules(prepare: prepare),
    fields: [
      event, title, description, kind, theme, direction, regionalImpacts, horizon, resolutionCriteria, status, resolvedOn, resolutionNote,
      evidence, probability, likelihood, confidence, assessmentCount,
    ])

  private static let impact = [
    Field("region", .word("region"), .filterable, doc: "UN M49 region.", example: "030"),
    Field("stakeholder", .handleOf("stakeholders"), .filterable, doc: "A stakeholder, in place of a region."),
    Field(
      "description", .text(max: 2_000), .required, doc: "The impact in words.", example: "Heightened military readiness among neighbours"),
    Field("sign", .integer(-2...2), .filterable, doc: "From -2 (very bad) to 2 (very good)."),
    Field("magnitude", .integer(1...5), .filterable, doc: "1 to 5."),
  ]

  @Sendable private static func prepare(_ draft: Draft) {
    let isOpen = draft[status].string == "open"
    if isOpen, !draft[resolvedOn].isNull {
      // Un-resolving clears the day; a day given with it is a fault.
      if draft.isGiven(resolvedOn) {
        draft.fault(resolvedOn, "not_resolved", "an open outcome has no resolved_on")
      } else {
        draft.setNull(resolvedOn)
      }
    }
    if !isOpen, draft[resolvedOn].isNull, !draft[status].isNull {
      draft.fault(resolvedOn, "required", "resolved_on is required when the status is \(draft[status].string)")
    }
  }
}
