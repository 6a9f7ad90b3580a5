/// Recommendations: what should be done, by whom, and with what result.
package enum Recommendations {
  package static let reference = Field(
    "reference", .handle, .required, .permanent, .filterable, .sortable, doc: "Unique short code, usable in place of the id.",
    example: "R-2024-003")
  package static let title = Field(
    "title", .text(max: 300), .required, .filterable, .sortable, .searchable, doc: "The recommendation in one line.",
    example: "Track progress through transparency")
  package static let description = Field("description", .text(max: 20_000), .searchable, doc: "The recommendation in a paragraph.")
  package static let strategy = Field(
    "strategy", .handleOf("strategies"), .required, .filterable, .sortable, doc: "The strategy that the recommendation follows.",
    example: "transparency")
  static let addressedTo = Field(
    "addressed_to", .list(.handleOf("stakeholders"), max: 64), .linked, .filterable, doc: "Who should act.", example: "[\"MSMT\"]")
  static let proposedBy = Field(
    "proposed_by", .list(.handleOf("stakeholders"), max: 64), .linked, .filterable, doc: "Who proposes the recommendation.")
  static let respondsTo = Field(
    "responds_to", .records(response, max: 64), .linked, .filterable, doc: "The events and outcomes to which the recommendation responds.")
  static let priority = Field("priority", .integer(1...5), .filterable, .sortable, doc: "1 to 5.")
  package static let position = Field(
    "position", .word("position"), .filterable, .sortable, doc: "The position of the addressees.", initial: "proposed")
  package static let implementation = Field(
    "implementation", .word("implementation"), .filterable, .sortable,
    doc: "How far the addressees have carried it out, independent of their position.",
    initial: "not_started")
  static let dueOn = Field("due_on", .date, .filterable, .sortable, doc: "Day by which it is due.")
  static let successIndicator = Field("success_indicator", .text(max: 2_000), .searchable, doc: "How to measure success.")
  package static let progress = Field(
    "progress", .real(0...100), .readOnly, .filterable, .sortable, doc: "Percentage of the commitments' weight that is done.",
    initial: "0")
  package static let overdue = Field(
    "overdue", .boolean, .filterable, doc: "Whether it is past its due date and neither implemented, given up, rejected nor withdrawn.",
    computed: .isPast(
      dueOn, unless: [(implementation, ["implemented", "cancelled", "closed_unmet"]), (position, ["rejected", "withdrawn"])]))

  /// Table `recommendations`, ids `rec_…`; `reference` is valid in place of the id.
  package static let resource = Resource(
    "recommendations", prefix: "rec", doc: "What should be done, by whom, and what became of it.",
    fields: [
      reference, title, description, strategy, addressedTo, proposedBy, respondsTo, priority, position, implementation, dueOn,
      successIndicator, progress, overdue,
    ])

  private static let response = [
    Field("target", .target(["events", "outcomes"]), .required, .filterable, doc: "Event or outcome."),
    Field("relation", .word("relation"), .filterable, doc: "How the recommendation responds to it.", example: "mitigates"),
  ]
}
