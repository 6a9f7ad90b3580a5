/// The origin of a write: decides `ended_by` in the history, and what followers may defer.
package enum WriteCause: Sendable, Equatable {
  /// A client, or the register itself, changes records.
  case edit
  /// An import writes rows. `isContinued`: this write is one turn, and another follows.
  case rows(of: Int64, isContinued: Bool)
  /// The undo of an import.
  case undo

  /// The import that changed records name; 0 for a dry run, `nil` for other causes.
  package var importID: Int64? { if case .rows(let id, _) = self { id } else { nil } }

  /// Whether a further write continues the same import.
  package var isContinued: Bool { if case .rows(_, let isContinued) = self { isContinued } else { false } }

  /// The value of `ended_by` for states that this write ends.
  var ending: String {
    switch self {
    case .edit: "update"
    case .rows: "import"
    case .undo: "undo"
    }
  }
}
