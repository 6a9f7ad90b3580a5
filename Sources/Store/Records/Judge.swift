internal import HTTP
package import Records
package import SQL

/// What a draft makes of the register: judged, not written.
package enum Decision {
  /// A record that is new. The draft is complete, its references are what is stored of them.
  case create(Draft)
  /// A record says something else: `next` instead of what `current` says. It holds as long as the record has the version of `current`.
  case update(next: Draft, current: Draft)
  /// The record says all of it already.
  case unchanged(Draft)

  package var resource: Resource {
    switch self {
    case .create(let draft), .update(let draft, _), .unchanged(let draft): draft.resource
    }
  }
}

/// Judges creates and updates over any connection, with no effect: every rule that asks the register stands here. Unique keys are the
/// exception, which storing finds.
package struct Judge {
  private let resolver: Resolver

  /// - Parameter connection: a reader's, or that of a write.
  package init(_ connection: any Connection) { resolver = Resolver(connection) }

  /// A record is gone, or what was made was taken back: what was found may be it.
  func forgetFound() { resolver.forgetFound() }

  /// Judges a draft that is complete.
  ///
  /// - Throws: `Problem` 422 with all faults.
  package func decide(_ draft: Draft) throws -> Decision {
    try resolver.resolve(draft)
    guard draft.faults.isEmpty else { throw Problem.invalid(draft) }
    return .create(draft)
  }

  /// Judges a change of the record that `current` holds.
  ///
  /// - Parameter ifVersion: which versions the sender has seen.
  /// - Throws: `Problem` 412 when it has another version by now, 422 with all faults, 409 for a record that is never changed.
  package func decide(_ current: Draft, with change: Draft, _ how: Change, ifVersion: ((Int64) -> Bool)?) throws -> Decision {
    if let ifVersion, !ifVersion(current.version) { throw Problem.stale(current.version) }
    let next = combine(current, change, how)
    next.complete()
    try resolver.resolve(next)
    for reference in next.references where reference.column.kind == .reference && next[reference.column.number].integer == current.id {
      next.fault(reference.column.number, "self_reference", "a record cannot refer to itself here")
    }
    guard next.faults.isEmpty else { throw Problem.invalid(next) }
    guard Self.differs(next, current) else { return .unchanged(current) }
    guard !current.resource.isAppendOnly else { throw Problem.appendOnly(current.resource) }
    return .update(next: next, current: current)
  }

  /// Whether two states of a record say different things, apart from what each change gives anew.
  package static func differs(_ next: Draft, _ current: Draft) -> Bool {
    let standard = next.resource.standard
    return next.resource.columns.contains { column in
      let number = column.number
      if column.isComputed || number == standard.version || number == standard.seq || number == standard.updatedAt
        || number == standard.importID
      {
        return false
      }
      guard !next.values.equals(number, current[number]) else { return false }
      return column.kind != .object || !MergePatch.isSame(next[number], current[number])
    }
  }

  // MARK: The next state

  /// The record as it would be: given fields from the change, others kept or forgotten.
  private func combine(_ current: Draft, _ change: Draft, _ how: Change) -> Draft {
    let next = Draft(current.resource)
    next.previous = current
    next.faults = change.faults
    next.period = change.period
    for column in current.resource.columns {
      let number = column.number
      let isGiven = change.isGiven(number)
      if isGiven { _ = next.markGiven(number) }
      if column.isReadOnly || column.isPermanent {
        next.values.set(number, current[number])
        if isGiven { checkFixed(column, change, current, next) }
      } else if isGiven {
        next.values.set(number, change[number])
      } else if case .merge = how {
        next.values.set(number, current[number])
      }
    }
    next.references = change.references.filter { !$0.column.isReadOnly && !$0.column.isPermanent }
    return next
  }

  /// A body may repeat what it cannot change: what was read can be sent back.
  private func checkFixed(_ column: Column, _ change: Draft, _ current: Draft, _ next: Draft) {
    // References are still as written here, and the record's are numbers: they are not compared.
    if column.kind == .reference { return }
    // A record that was in the file under another name of its own keeps the one it has.
    guard !change.values.equals(column.number, current[column.number]) else { return }
    guard !(change[column.number].isNull && column.isReadOnly) else { return }
    let code = column.isReadOnly ? "read_only" : "permanent"
    let why = column.isReadOnly ? "is given by the register" : "is permanent, because other records use it"
    next.fault(column.number, code, "\(column.name) \(why); the body says another one than the record has")
  }
}

extension Connection {
  /// The record of this number.
  package func draft(_ resource: Resource, _ id: Int64) throws -> Draft? { try draft(resource, resource.sql.byID, Values([id])) }

  /// The record that a statement of `ResourceSQL` finds, as a draft; `nil` when there is none.
  package func draft(_ resource: Resource, _ sql: SQLTemplate, _ key: Values) throws -> Draft? {
    var found: Draft?
    try query(sql, key) { row in
      found = Draft(resource, row: row)
      return false
    }
    return found
  }
}

extension Draft {
  /// A record as a row of `ResourceSQL` has it.
  package convenience init(_ resource: Resource, row: Row) {
    self.init(resource)
    for number in resource.columns.indices { values.set(number, row[number]) }
  }
}
