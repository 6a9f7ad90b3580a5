/// Sources: documents and publishers, with their reliability.
package enum Sources {
  package static let kind = Field(
    "kind", .word("source_kind"), .required, .filterable, .sortable, doc: "Kind of source.", example: "official_statement")
  package static let title = Field(
    "title", .text(max: 500), .required, .filterable, .sortable, .searchable, doc: "Title of the source.",
    example: "Treaty on Comprehensive Strategic Partnership")
  package static let publisher = Field("publisher", .text(max: 300), .filterable, .sortable, .searchable, doc: "Who published it.")
  package static let url = Field("url", .url, .filterable, doc: "Address of the source.")
  static let archiveURL = Field("archive_url", .url, doc: "Address of an archived copy.")
  static let publishedOn = Field("published_on", .date, .filterable, .sortable, doc: "Day of publication.", example: "2024-06-19")
  static let language = Field("language", .text(max: 35), .filterable, doc: "BCP 47 tag.", example: "en")
  static let reliability = Field(
    "reliability", .word("source_reliability"), .filterable, .sortable, doc: "Admiralty reliability of the source, A to F.", example: "B")

  /// Table `sources`, ids `src_…`; reliability follows the Admiralty code, languages BCP 47.
  package static let resource = Resource(
    "sources", prefix: "src", doc: "Documents and publishers, and how reliable they are.",
    fields: [
      kind, title, publisher, url, archiveURL, publishedOn, language, reliability,
    ])
}
