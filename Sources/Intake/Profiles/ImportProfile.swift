internal import Formats
package import Records

/// How the rows of one kind of file become records: a declaration in a file of its own, and one line in `Profiles.all`.
package struct ImportProfile: Sendable {
  package let name: String
  /// One line for people.
  package let doc: String
  /// What rows become when the path does not say.
  package var resource: Resource?
  /// What `source` says in each record.
  package var source: String?
  /// How the file is written; `nil` for our own form, where the resource's fields are the columns.
  package var table: ProfileTable?
  /// Whether reports of the same thing become one event (`ImportRow.groupKey`), unless the request says `group=false`.
  package var isGrouped = false
  /// Whether `interstate=true` means something here.
  package var takesInterstate = false
  /// Stakeholders that rows may name and the register may lack: code to its fields. Made when a row names one, without being asked.
  package var stakeholders: [String: [String: String]] = [:]
  /// What columns alone cannot say: called for each row after its columns have been read.
  package var map: @Sendable (ProfileRow) -> Void = { _ in }
}

extension ImportProfile {
  /// Each column that says it is a field of the resource is one.
  package func checkFields() {
    for column in table?.columns ?? [] {
      if case .field(let name) = column.use { _ = resource.required("resource of \(self.name)").required(name) }
    }
  }
}

/// How a table of someone else's is written.
package struct ProfileTable: Sendable {
  package var delimiter = UInt8(ascii: ",")
  /// Without quotes `"` is a character like any other.
  package var quotes = true
  package var hasHeader = true
  /// Texts that stand for nothing. They belong to the profile: `NA` is Namibia elsewhere.
  package var nulls: [String] = []
  package let columns: [ProfileColumn]
  /// Without a header: which columns a row of so many cells has, in the file's order.
  package var layouts: [ProfileLayout] = []
}

/// One version of a table without a header, told by its number of cells.
package struct ProfileLayout: Sendable {
  /// E.g. `GDELT 2.0`.
  package let name: String
  /// The names of its columns, in the file's order.
  package let columns: [String]
}

/// One column of a profile's table.
package struct ProfileColumn: Sendable {
  package enum Kind: String, Sendable {
    case text, integer, real
  }

  package enum Use: Sendable {
    /// Is this field of the resource, checked as that.
    case field(String)
    /// Is kept in `extra` under its own name.
    case extra
    /// Is read by the profile's `map`; in words what becomes of it.
    case mapped(String)
    /// Says nothing that another column does not say.
    case dropped(String)
  }

  package let name: String
  package let kind: Kind
  package let use: Use
  /// Whether a header may lack it (other versions of the file).
  package let isOptional: Bool

  package init(_ name: String, _ kind: Kind = .text, _ use: Use, isOptional: Bool = false) {
    self.name = name
    self.kind = kind
    self.use = use
    self.isOptional = isOptional
  }

  /// What becomes of it, for people.
  package var becomes: String {
    switch use {
    case .field(let name): name
    case .extra: "extra"
    case .mapped(let what): what
    case .dropped(let why): "not kept: \(why)"
    }
  }
}

/// A stakeholder that a row names, should the register lack it and the request say `create_missing=stakeholders`.
package struct Newcomer: Sendable {
  package let code: String
  package let name: String
  /// Word of the vocabulary `stakeholder_type`.
  package let type: String
  package var country: String?
  /// Its names elsewhere, as the members of `external_ids`.
  package var externalIDs: [String: String] = [:]
}

/// All profiles.
package enum Profiles {
  package static let all: [ImportProfile] = [
    .chancery, .historianVisits,
    .gdelt,
    .icews,
    .ucdpGED,
  ]
}

extension ImportProfile {
  /// Our own form: JSON objects or tables with the resource's fields; lines that name their `resource` may be mixed.
  package static let chancery = ImportProfile(
    name: "chancery", doc: "Objects or columns named as the fields of a resource; NDJSON lines may say their resource and be mixed.")
}
