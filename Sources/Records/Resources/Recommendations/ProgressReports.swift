/// Reports on a recommendation's progress; append-only.
package enum ProgressReports {
  package static let recommendation = Field(
    "recommendation", .reference("recommendations"), .required, .filterable, doc: "The recommendation that the report is about.",
    example: "R-2024-003")
  static let reportedOn = Field("reported_on", .date, .required, .filterable, .sortable, doc: "Day of the report.", example: "2025-05-29")
  static let reportedBy = Field("reported_by", .text(max: 100), .filterable, .sortable, doc: "Who made the report.", example: "analyst-a")
  package static let percent = Field(
    "percent", .real(0...100), .required, .filterable, .sortable, doc: "Progress in percent.", example: "60")
  package static let note = Field("note", .text(max: 4_000), .searchable, doc: "What was done.")
  package static let evidence = Field("evidence", .reference("events"), .filterable, doc: "The event that proves it.")

  /// Table `progress_reports`, ids `prg_…`; append-only, deleted with their recommendation.
  package static let resource = Resource(
    "progress_reports", prefix: "prg", doc: "Reports on the progress of a recommendation; append-only.",
    parent: ("recommendations", "recommendation"), sortedBy: "-reported_on", isAppendOnly: true,
    fields: [
      recommendation, reportedOn, reportedBy, percent, note, evidence,
    ])
}
