/// How a write came to be: what the history says of the states that it ends, and what its followers may put off.
package enum WriteCause: Sendable, Equatable {
  /// Somebody changes records, or the register its own.
  case edit
  /// An import writes its rows. One that `isContinued` is a turn of a longer work: another write follows it.
  case rows(of: Int64, isContinued: Bool)
  /// An import is taken back.
  case undo

  /// The import that the changed records name; 0 for one that is only tried.
  package var importID: Int64? { if case .rows(let id, _) = self { id } else { nil } }

  package var isContinued: Bool { if case .rows(_, let isContinued) = self { isContinued } else { false } }

  /// What the history says ended a state.
  var ending: String {
    switch self {
    case .edit: "update"
    case .rows: "import"
    case .undo: "undo"
    }
  }
}
