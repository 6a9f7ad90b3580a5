internal import SQL

/// Perspectives: what a stakeholder wants or fears of a record or an issue.
package enum Perspectives {
  package static let stakeholder = Field(
    "stakeholder", .handleOf("stakeholders"), .required, .filterable, .sortable, doc: "The stakeholder who holds the view.", example: "RUS")
  package static let target = Field(
    "target", .target(["events", "outcomes", "recommendations"]), .filterable,
    doc: "The subject, if it is a record: an event, an outcome or a recommendation.", example: "demo/2024-pyongyang")
  package static let issue = Field("issue", .text(max: 200), .filterable, .searchable, doc: "The subject, if it is not a record.")
  package static let kind = Field(
    "kind", .word("perspective_kind"), .required, .filterable, .sortable, doc: "Aspiration, fear, interest, position or red line.",
    example: "aspiration")
  package static let stance = Field(
    "stance", .integer(-2...2), .filterable, .sortable, doc: "From -2 (strongly opposes) to 2 (strongly supports).", example: "2")
  package static let statement = Field(
    "statement", .text(max: 4_000), .required, .searchable, doc: "The view in words.", example: "Deepen military collaboration.")
  package static let since = Field("since", .date, .filterable, .sortable, doc: "Since when the view has been held.")
  package static let until = Field("until", .date, .filterable, .sortable, doc: "Until when the view was held.")
  package static let confidence = Field(
    "confidence", .word("confidence"), .filterable, doc: "Confidence that this is the stakeholder's view.")
  static let statementKind = Field(
    "statement_kind", .word("statement_kind"), .filterable, doc: "Whether it was stated in public or is the analyst's assessment.")

  /// Table `perspectives`, ids `psp_…`; each has either a target record or an issue in words.
  package static let resource = Resource(
    "perspectives", prefix: "psp", doc: "What a stakeholder wants or fears from an event, an outcome, a recommendation or an issue.",
    rules: Rules(prepare: prepare),
    fields: [
      stakeholder, target, issue, kind, stance, statement, since, until, confidence, statementKind,
    ])

  @Sendable private static func prepare(_ draft: Draft) {
    draft.checkOrder(since, until)
    if draft[target].isNull == draft[issue].isNull {
      draft.fault(target, "one_of", "give either target (a record) or issue (text), not both")
    }
  }
}
