internal import Formats
package import Records

/// How rows of one kind of file become records: declared in a file of its own and listed in `Profiles.all`.
package struct ImportProfile: Sendable {
  /// The value of `?profile=`, such as `ucdp-ged`.
  package let name: String
  /// One line for `/v1/imports/profiles`.
  package let doc: String
  /// What rows become when the path names no resource.
  package var resource: Resource?
  /// The value of `source` in each record.
  package var source: String?
  /// The file's layout; `nil` for our own form, whose columns are the resource's fields.
  package var table: ProfileTable?
  /// Whether reports of the same event are merged (`ImportRow.groupKey`) unless the request says `group=false`.
  package var isGrouped = false
  /// Whether the profile supports `interstate=true`.
  package var takesInterstate = false
  /// Stakeholders that rows may name and the register may lack: code to fields. Created on first mention, whatever `create_missing` says.
  package var stakeholders: [String: [String: String]] = [:]
  /// Maps what single columns cannot; called for each row after its columns have been read.
  ///
  /// A method of a value that is made with the profile and holds its column numbers, so an unknown name stops the start and not the first
  /// row.
  package var map: @Sendable (ProfileRow) -> Void = { _ in }
}

extension ImportProfile {
  /// Checks that each column declared as a field exists in the resource; stops the program if not.
  package func checkFields() {
    for column in table?.columns ?? [] {
      if case .field(let name) = column.use { _ = resource.required("resource of \(self.name)").required(name) }
    }
  }
}

/// The layout of a foreign table.
package struct ProfileTable: Sendable {
  /// The byte between cells.
  package var delimiter = UInt8(ascii: ",")
  /// Whether `"` quotes cells; if not, it is an ordinary character.
  package var quotes = true
  /// Whether the first row names the columns.
  package var hasHeader = true
  /// Texts that mean "no value". Each profile has its own: elsewhere `NA` is Namibia.
  package var nulls: [String] = []
  /// The columns that the profile knows, in any order.
  package let columns: [ProfileColumn]
  /// The versions of a table without a header; the number of cells in a row selects one.
  package var layouts: [ProfileLayout] = []
}

/// One version of a table without a header, identified by its number of cells.
package struct ProfileLayout: Sendable {
  /// The version's name: `GDELT 2.0`.
  package let name: String
  /// Its column names, in the file's order.
  package let columns: [String]
}

/// A column of a profile's table.
package struct ProfileColumn: Sendable {
  /// The type of a cell that is not empty.
  package enum Kind: String, Sendable {
    case text, integer, real
  }

  /// What becomes of a cell.
  package enum Use: Sendable {
    /// Stored in this field of the resource and checked as such.
    case field(String)
    /// Kept in `extra` under the column's name.
    case extra
    /// Read by the profile's `map`; the text says what becomes of it.
    case mapped(String)
    /// Ignored; the text says which column has the same content.
    case dropped(String)
  }

  /// The column's name in the file.
  package let name: String
  /// The cell's type; `.text` accepts anything.
  package let kind: Kind
  /// What becomes of the cell.
  package let use: Use
  /// Whether a header may lack the column, as other editions of the file do.
  package let isOptional: Bool

  /// A column that a header must have unless `isOptional`.
  package init(_ name: String, _ kind: Kind = .text, _ use: Use, isOptional: Bool = false) {
    self.name = name
    self.kind = kind
    self.use = use
    self.isOptional = isOptional
  }

  /// What becomes of the column, in words, for `/v1/imports/profiles`.
  package var becomes: String {
    switch use {
    case .field(let name): name
    case .extra: "extra"
    case .mapped(let what): what
    case .dropped(let why): "not kept: \(why)"
    }
  }
}

/// A stakeholder named by a row, created if the register lacks it and the request says `create_missing=stakeholders`.
package struct Newcomer: Sendable {
  /// Its code in the register, unique among stakeholders.
  package let code: String
  /// Its name, as the file gives it.
  package let name: String
  /// A word of the vocabulary `stakeholder_type`.
  package let type: String
  /// The code of its country; `nil` for none.
  package var country: String?
  /// Its names in other data sets: the members of `external_ids`.
  package var externalIDs: [String: String] = [:]
}

/// The import profiles.
package enum Profiles {
  /// All profiles, our own form first.
  package static let all: [ImportProfile] = [
    .chancery, .historianVisits,
    .gdelt,
    .icews,
    .ucdpGED,
  ]
}

extension ImportProfile {
  /// Our own form: JSON objects or tables with the resource's fields. NDJSON lines that name their `resource` may be mixed.
  package static let chancery = ImportProfile(
    name: "chancery", doc: "Objects or columns named after the fields of a resource; NDJSON lines may name their resource and be mixed.")
}
