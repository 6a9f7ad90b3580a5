internal import HTTP
package import Records
package import SQL

/// What storing a draft would do: decided, not written.
package enum Decision {
  /// A new record. The draft is complete and its references are resolved.
  case create(Draft)
  /// An update from `current` to `next`; valid while the record still has the version of `current`.
  case update(next: Draft, current: Draft)
  /// The record already has these values.
  case unchanged(Draft)

  /// The resource of the record judged.
  package var resource: Resource {
    switch self {
    case .create(let draft), .update(let draft, _), .unchanged(let draft): draft.resource
    }
  }
}

/// Decides creates and updates over any connection, without side effects. Holds every rule that needs the register, except unique keys,
/// which storing enforces.
package struct Judge {
  private let resolver: Resolver

  /// - Parameter connection: a reader's or the writer's.
  package init(_ connection: any Connection) { resolver = Resolver(connection) }

  /// Clears cached look-ups after a delete or a rollback.
  func forgetFound() { resolver.forgetFound() }

  /// Decides the creation of a complete draft.
  ///
  /// - Throws: `Problem` 422 with all faults; `SQLError`.
  package func decide(_ draft: Draft) throws -> Decision {
    try resolver.resolve(draft)
    guard draft.faults.isEmpty else { throw Problem.invalid(draft) }
    return .create(draft)
  }

  /// Decides a change of the record `current`.
  ///
  /// - Parameter ifVersion: whether `If-Match` accepts a version; `nil` without a precondition.
  /// - Throws: `Problem` 412 when it does not, 422 with all faults, 409 for an append-only resource; `SQLError`.
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

  /// Whether two states of a record differ in more than version, change number, `updated_at` and `import_id`.
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

  /// The next state: given fields from the change, the others kept (merge) or cleared (replace).
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

  /// Read-only fields may be sent back unchanged, so that a client can send what it read.
  private func checkFixed(_ column: Column, _ change: Draft, _ current: Draft, _ next: Draft) {
    // Not comparable here: the change has a mention as written, the record a number.
    if column.kind == .reference { return }
    // An equal value is no fault, nor is a null in a read-only field.
    guard !change.values.equals(column.number, current[column.number]) else { return }
    guard !(change[column.number].isNull && column.isReadOnly) else { return }
    let code = column.isReadOnly ? "read_only" : "permanent"
    let why = column.isReadOnly ? "is set by the register" : "is permanent, because other records use it"
    next.fault(column.number, code, "\(column.name) \(why); the body has another value than the record")
  }
}

extension Connection {
  /// The record with this number as a draft; `nil` if there is none.
  package func draft(_ resource: Resource, _ id: Int64) throws -> Draft? { try draft(resource, resource.sql.byID, Values([id])) }

  /// The record that a statement of `ResourceSQL` finds, as a draft; `nil` if there is none.
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
  /// A draft from a row with the columns of `ResourceSQL.selectList`.
  package convenience init(_ resource: Resource, row: Row) {
    self.init(resource)
    for number in resource.columns.indices { values.set(number, row[number]) }
  }
}
