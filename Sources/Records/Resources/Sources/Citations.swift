internal import Formats
internal import SQL

/// Citations: each links a record, or one field of it, to a source.
package enum Citations {
  static let sourceID = Field(
    "source_id", .reference("sources"), .required, .filterable, doc: "The source.", example: "demo/partnership-treaty")
  package static let record = Field(
    "record",
    .target(["events", "stakeholders", "perspectives", "outcomes", "assessments", "recommendations", "commitments", "progress_reports"]),
    .required, .filterable, doc: "The record that the citation is about.", example: "demo/2024-treaty")
  package static let field = Field("field", .text(max: 64), .filterable, doc: "The field that the citation is about, if it is only one.")
  package static let quote = Field("quote", .text(max: 4_000), .searchable, doc: "The words of the source.")
  package static let locator = Field("locator", .text(max: 200), doc: "Page, paragraph or minute.")
  package static let credibility = Field(
    "credibility", .integer(1...6), .filterable, .sortable, doc: "Admiralty credibility of the item, 1 to 6.", example: "2")
  package static let stance = Field(
    "stance", .word("citation_stance"), .filterable, doc: "Whether the source supports, contradicts or mentions the record.",
    initial: "supports")

  /// Table `citations`, ids `cit_…`; deleted with their source.
  package static let resource = Resource(
    "citations", prefix: "cit", doc: "Links a record, or one of its fields, to a source.", parent: ("sources", "source_id"),
    rules: Rules(prepare: prepare),
    fields: [
      sourceID, record, field, quote, locator, credibility, stance,
    ])

  /// Adds `unknown_field` if the cited record's resource has no such field.
  @Sendable private static func prepare(_ draft: Draft) {
    guard !draft[field].isNull, let cited = Catalogue.shared.parse(id: draft[record].utf8)?.resource else { return }
    guard cited.column(draft[field].string) == nil else { return }
    draft.fault(field, "unknown_field", "\(cited.name) have no field \"\(draft[field].string)\"", allowed: cited.columns.map(\.name))
  }
}
