internal import SQL

/// Commitments: what a stakeholder has promised towards a recommendation.
package enum Commitments {
  package static let recommendation = Field(
    "recommendation", .reference("recommendations"), .required, .filterable, doc: "The recommendation that the commitment serves.",
    example: "R-2024-003")
  package static let title = Field(
    "title", .text(max: 300), .required, .filterable, .sortable, .searchable, doc: "The promise in one line.",
    example: "Publish a first monitoring report")
  package static let owner = Field(
    "owner", .handleOf("stakeholders"), .filterable, .sortable, doc: "Who made the commitment.", example: "MSMT")
  static let dueOn = Field("due_on", .date, .filterable, .sortable, doc: "Day by which it is due.", example: "2025-06-30")
  package static let status = Field(
    "status", .word("commitment_status"), .filterable, .sortable, doc: "Open, done, missed or dropped.", initial: "open")
  package static let weight = Field(
    "weight", .real(0...1_000), .filterable, doc: "Its weight in the recommendation's progress.", initial: "1")
  static let doneOn = Field("done_on", .date, .filterable, .sortable, doc: "Day on which it was done.")
  package static let evidence = Field("evidence", .reference("events"), .filterable, doc: "The event that proves it.")
  package static let overdue = Field(
    "overdue", .boolean, .filterable, doc: "Whether it is open after its due date.",
    computed: .isPast(dueOn, unless: [(status, ["done", "missed", "dropped"])]))

  /// Table `commitments`, ids `cmt_…`; deleted with their recommendation.
  package static let resource = Resource(
    "commitments", prefix: "cmt", doc: "What stakeholders have promised towards a recommendation.",
    parent: ("recommendations", "recommendation"),
    sortedBy: "due_on", rules: Rules(prepare: prepare),
    fields: [
      recommendation, title, owner, dueOn, status, weight, doneOn, evidence, overdue,
    ])

  @Sendable private static func prepare(_ draft: Draft) {
    if draft[weight].kind == .integer { draft.set(weight, real: draft[weight].real) }
    let isDone = draft[status].string == "done"
    if !isDone, !draft[doneOn].isNull {
      if draft.isGiven(doneOn) { draft.fault(doneOn, "not_done", "done_on requires the status done") } else { draft.setNull(doneOn) }
    }
  }
}
