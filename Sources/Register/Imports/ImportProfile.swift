internal import Formats

/// How the rows of one kind of file become records. A profile is a declaration in a file of its own.
protocol ImportProfile: Sendable {
  var name: String { get }
  /// One line for people.
  var doc: String { get }
  /// What rows become when the path does not say.
  var resource: Resource? { get }
  /// The columns that a table must have, each with what becomes of it; empty where the resource's fields are the columns.
  var columns: [(name: String, doc: String)] { get }
  /// Whether a file may have this form.
  func takes(_ form: ImportOptions.Form) -> Bool
  /// Whether rows of this form say themselves what they are.
  func needsNoResource(_ form: ImportOptions.Form) -> Bool
  /// Turns one row of a table into a draft. Cells are found by the column's place in `columns`.
  func read(_ cells: ProfileRow, into draft: Draft, _ reader: DraftReader)
  /// Stakeholders that rows may name and the register may lack: code to what it is.
  var stakeholders: [String: [String: String]] { get }
}

/// One row of a table, its cells in the order of the profile's columns.
@safe
struct ProfileRow {
  private let row: CSVRow
  private let places: [Int]

  init(_ row: CSVRow, places: [Int]) {
    self.row = row
    self.places = places
  }

  subscript(column: Int) -> UnsafeRawBufferPointer { unsafe row[places[column]] }

  func string(_ column: Int) -> String { row.string(places[column]) }
}

/// All profiles.
enum Profiles {
  static let all: [any ImportProfile] = [ChanceryProfile(), HistorianVisitsProfile()]
}

/// Our own form: JSON objects or tables with the resource's fields; lines that name their `resource` may be mixed.
struct ChanceryProfile: ImportProfile {
  let name = "chancery"
  let doc = "Objects or columns named as the fields of a resource; NDJSON lines may say their resource and be mixed."
  let resource: Resource? = nil
  let columns: [(name: String, doc: String)] = []
  let stakeholders: [String: [String: String]] = [:]

  func takes(_ form: ImportOptions.Form) -> Bool { true }

  func needsNoResource(_ form: ImportOptions.Form) -> Bool { form == .ndjson || form == .jsonArray }

  func read(_ cells: ProfileRow, into draft: Draft, _ reader: DraftReader) {}
}
