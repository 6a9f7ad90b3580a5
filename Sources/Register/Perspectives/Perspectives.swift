internal import SQL

/// What a stakeholder wants or fears of something.
package enum Perspectives {
  package static let resource = Resource(
    "perspectives", prefix: "psp", doc: "What a stakeholder wants or fears of an event, an outcome, a recommendation or an issue.",
    rules: Rules(prepare: prepare),
    fields: [
      Field("stakeholder", .handleOf("stakeholders"), .required, .filterable, .sortable, doc: "Whose view it is.", example: "RUS"),
      Field(
        "target", .target(["events", "outcomes", "recommendations"]), .filterable,
        doc: "What it is about: an event, an outcome or a recommendation.", example: "demo/2024-pyongyang"),
      Field("issue", .text(max: 200), .filterable, .searchable, doc: "What it is about when that is no record."),
      Field(
        "kind", .word("perspective_kind"), .required, .filterable, .sortable, doc: "Aspiration, fear, interest, position or red line.",
        example: "aspiration"),
      Field("stance", .integer(-2...2), .filterable, .sortable, doc: "-2 strongly opposes … 2 strongly supports.", example: "2"),
      Field("statement", .text(max: 4_000), .required, .searchable, doc: "The view in words.", example: "Deepen military collaboration."),
      Field("since", .date, .filterable, .sortable, doc: "Held since."),
      Field("until", .date, .filterable, .sortable, doc: "Held until."),
      Field("confidence", .word("confidence"), .filterable, doc: "How sure we are that it is their view."),
      Field("statement_kind", .word("statement_kind"), .filterable, doc: "Said in public, or our assessment."),
    ])

  private static let target = resource.number("target")
  private static let issue = resource.number("issue")
  private static let since = resource.number("since")
  private static let until = resource.number("until")

  @Sendable private static func prepare(_ draft: Draft) {
    draft.checkOrder(since, until)
    if draft[target].isNull == draft[issue].isNull {
      draft.fault(target, "one_of", "give either target (a record) or issue (words), and not both")
    }
  }
}
