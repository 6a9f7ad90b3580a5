/// The origin of a write: decides `ended_by` in the history, and which import is named.
package enum WriteCause: Sendable, Equatable {
  /// A client, or the register itself, changes records.
  case edit
  /// An import writes rows.
  case rows(of: Int64)
  /// The undo of an import.
  case undo

  /// The import that changed records name; 0 for a dry run, `nil` for other causes.
  package var importID: Int64? { if case .rows(let id) = self { id } else { nil } }

  /// The value of `ended_by` for states that this write ends.
  var ending: String {
    switch self {
    case .edit: "update"
    case .rows: "import"
    case .undo: "undo"
    }
  }
}
