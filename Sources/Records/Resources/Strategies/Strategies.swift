/// Strategies: the catalogue that recommendations refer to.
package enum Strategies {
  package static let code = Field(
    "code", .handle, .required, .permanent, .filterable, .sortable, doc: "Unique and permanent code.", example: "bilateral_talks")
  package static let name = Field(
    "name", .text(max: 200), .required, .filterable, .sortable, .searchable, doc: "Its name.", example: "Bilateral talks")
  package static let description = Field("description", .text(max: 4_000), .searchable, doc: "What it means.")

  /// Table `strategies`, ids `sty_…`; `code` is valid in place of the id.
  package static let resource = Resource(
    "strategies", prefix: "sty", doc: "The catalogue of strategies that recommendations follow.", sortedBy: "code",
    fields: [
      code, name, description,
    ])
}
