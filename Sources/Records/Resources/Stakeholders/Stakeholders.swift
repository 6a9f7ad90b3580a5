internal import Formats
internal import SQL

/// Stakeholders: states, bodies, persons, organisations.
package enum Stakeholders {
  package static let code = Field(
    "code", .handle, .required, .derivable, .permanent, .filterable, .sortable,
    doc: "Unique and permanent code, usable in place of the id; derived from the name if omitted.", example: "PRK")
  package static let type = Field(
    "type", .word("stakeholder_type"), .required, .filterable, .sortable, doc: "Kind of stakeholder.", example: "state")
  package static let name = Field(
    "name", .text(max: 300), .required, .filterable, .sortable, .searchable, doc: "The usual English name.", example: "North Korea")
  package static let aliases = Field("aliases", .list(.text(max: 300), max: 64), .filterable, .searchable, doc: "Other names.")
  package static let country = Field("country", .word("country"), .filterable, .sortable, doc: "ISO 3166-1 alpha-3.", example: "PRK")
  package static let region = Field("region", .word("region"), .readOnly, .filterable, doc: "UN M49 region of the country.", example: "030")
  package static let office = Field("office", .text(max: 300), .filterable, .searchable, doc: "Office that a person holds.")
  static let parentID = Field("parent_id", .reference("stakeholders"), .filterable, doc: "The state of a body, or the body of a person.")
  static let memberOf = Field("member_of", .records(membership, max: 64), .linked, doc: "Memberships, with their dates.")
  static let validFrom = Field("valid_from", .date, .filterable, .sortable, doc: "First day of its existence.")
  static let validTo = Field("valid_to", .date, .filterable, .sortable, doc: "Last day of its existence.")
  package static let externalIDs = Field(
    "external_ids", .object, doc: "Its identifiers elsewhere: wikidata, cow, gw, opensanctions.", example: "{\"wikidata\":\"Q423\"}")

  /// Table `stakeholders`, ids `stk_…`; `code` is valid in place of the id. Codes follow ISO 3166-1 and UN M49.
  package static let resource = Resource(
    "stakeholders", prefix: "stk", doc: "Who takes part: states, bodies, persons, organisations.", sortedBy: "name",
    rules: Rules(prepare: prepare),
    fields: [
      code, type, name, aliases, country, region, office, parentID, memberOf, validFrom, validTo, externalIDs,
    ])

  private static let membership = [
    Field("stakeholder", .handleOf("stakeholders"), .required, doc: "The body of which it is a member."),
    Field("from", .date, doc: "First day."),
    Field("to", .date, doc: "Last day."),
  ]

  @Sendable private static func prepare(_ draft: Draft) {
    if draft[code].isNull, !draft[name].isNull {
      let made = slug(draft[name].string)
      if made.withByteView({ ReservedHandles.contains($0) }) {
        draft.fault(
          code, "bad_handle", "the name becomes the code \"\(made)\", which is reserved for the register's paths: give another code")
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
