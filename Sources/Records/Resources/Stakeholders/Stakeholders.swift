internal import Formats
internal import SQL

/// Stakeholders: states, bodies, persons, organisations.
package enum Stakeholders {
  package static let code = Field(
    "code", .handle, .required, .derivable, .permanent, .filterable, .sortable,
    doc: "Unique and permanent, usable in place of the id; made from the name when not given.", example: "PRK")
  package static let type = Field(
    "type", .word("stakeholder_type"), .required, .filterable, .sortable, doc: "Kind of stakeholder.", example: "state")
  package static let name = Field(
    "name", .text(max: 300), .required, .filterable, .sortable, .searchable, doc: "The usual English name.", example: "North Korea")
  package static let aliases = Field("aliases", .list(.text(max: 300), max: 64), .filterable, .searchable, doc: "Other names.")
  package static let country = Field("country", .word("country"), .filterable, .sortable, doc: "ISO 3166-1 alpha-3.", example: "PRK")
  package static let region = Field("region", .word("region"), .readOnly, .filterable, doc: "UN M49 region of the country.", example: "030")
  package static let office = Field("office", .text(max: 300), .filterable, .searchable, doc: "Post that a person holds.")
  static let parentID = Field("parent_id", .reference("stakeholders"), .filterable, doc: "The state of a body, the body of a person.")
  static let memberOf = Field("member_of", .records(membership, max: 64), .linked, doc: "What it belongs to, and since when.")
  static let validFrom = Field("valid_from", .date, .filterable, .sortable, doc: "When it came to be.")
  static let validTo = Field("valid_to", .date, .filterable, .sortable, doc: "When it ceased.")
  package static let externalIDs = Field(
    "external_ids", .object, doc: "Its names elsewhere: wikidata, cow, gw, opensanctions.", example: "{\"wikidata\":\"Q423\"}")

  /// Table `stakeholders`, ids `stk_…`; `code` is valid in place of the id. Codes follow ISO 3166-1 and UN M49.
  package static let resource = Resource(
    "stakeholders", prefix: "stk", doc: "Who takes part: states, bodies, persons, organisations.", sortedBy: "name",
    rules: Rules(prepare: prepare),
    fields: [
      code, type, name, aliases, country, region, office, parentID, memberOf, validFrom, validTo, externalIDs,
    ])

  private static let membership = [
    Field("stakeholder", .handleOf("stakeholders"), .required, doc: "What it is a member of."),
    Field("from", .date, doc: "First day."),
    Field("to", .date, doc: "Last day."),
  ]

  @Sendable private static func prepare(_ draft: Draft) {
    if draft[code].isNull, !draft[name].isNull {
      let made = slug(draft[name].string)
      if made.withByteView({ ReservedHandles.contains($0) }) {
        draft.fault(code, "bad_handle", "the name makes \"\(made)\", a word of the register's own paths: give another code")
      } else if !made.isEmpty {
        draft.set(code, text: String(made.prefix(64)))
      }
    }
    if let known = draft[country].isNull ? nil : ReferenceTables.shared.region(of: draft[country].utf8) {
      draft.set(region, text: known)
    } else {
      draft.setNull(region)
    }
    draft.checkOrder(validFrom, validTo)
  }
}
