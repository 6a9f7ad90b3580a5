internal import Formats
internal import HTTP
package import SQL

/// What a change did to a record.
package enum Effect: Sendable, Equatable {
  case created
  case updated
  /// The record says all of it already: no version, no change number.
  case unchanged
}

/// How a draft meets the record that is there.
package enum Change: Sendable {
  /// What is not given is forgotten (PUT).
  case replace
  /// What is not given stays (PATCH, imports).
  case merge
}

/// Changes records inside one write transaction: the only room that writes.
package final class Write {
  package let transaction: any WriteTransaction
  /// The import that this is part of.
  package var importID: Int64?
  /// Set while an import is taken back.
  var isUndoing = false
  /// What the history says ended the states that this write supersedes.
  private var way: String { isUndoing ? "undo" : importID == nil ? "update" : "import" }
  /// What was created or changed last: what an answer shows.
  package private(set) var lastResource: Resource?
  private let resolver: Resolver
  private let values = Values()
  /// For the next statement of whoever needs one.
  let scratch = Values()
  /// Whether this is a turn of a longer work, and another write follows it.
  package var isContinued = false
  /// What this write changes in the rollups of events; stored when it ends.
  private(set) lazy var rollups = Rollups(endingWith: transaction) { self.isContinued || ($0 && !self.isSettling) }
  /// Whether the rollups must be up to date at the end of this write.
  var isSettling = false

  /// Who took part in the events that an import makes; stored when this write ends.
  private(set) var participations: Participations?

  package var connection: any Connection { transaction.connection }
  package var now: Int64 { transaction.now }

  package init(_ transaction: any WriteTransaction) {
    self.transaction = transaction
    resolver = Resolver(transaction.connection)
  }

  /// Has the index of participants written in its own order: for the many events of an import.
  func gatherParticipations() {
    let gathered = Participations()
    participations = gathered
    transaction.atEnd { [self] in try Participants.store(gathered, self) }
  }

  /// Forgets which handles were found: what was found may be gone.
  func forgetFound() { resolver.forgetFound() }

  // MARK: Create

  /// Inserts a draft that is complete.
  ///
  /// - Returns: the new record's number.
  /// - Throws: `Problem` 422 with all faults, 409 when a unique key is taken.
  @discardableResult
  package func create(_ draft: Draft) throws -> Int64 {
    try resolver.resolve(draft)
    guard draft.faults.isEmpty else { throw Problem.invalid(draft) }
    let standard = draft.resource.standard
    let id = transaction.nextID()
    defer { lastResource = draft.resource }
    draft.values.set(StandardColumns.idNumber, integer: id)
    draft.values.set(standard.version, integer: 1)
    draft.values.set(standard.createdAt, integer: now)
    stamp(draft)
    try store(draft.resource.sql.insert, draft)
    try Links.replace(of: draft, old: nil, in: self)
    try draft.resource.rules.stored(draft, nil, id, self)
    return id
  }

  private func stamp(_ draft: Draft) {
    let standard = draft.resource.standard
    draft.values.set(standard.seq, integer: transaction.nextSeq())
    draft.values.set(standard.updatedAt, integer: now)
    if let importID { draft.values.set(standard.importID, integer: importID) } else { draft.values.setNull(standard.importID) }
  }

  private func store(_ sql: SQLText, _ draft: Draft) throws {
    do { try connection.execute(sql, draft.values) } catch let error as SQLError where error.kind == .unique {
      // An import goes on after a refused row: the number that this one took is given to the next.
      transaction.takeBackSeq()
      throw Problem.taken(draft.resource, error)
    }
  }

  // MARK: Update

  /// The record as a draft; `nil` when there is none.
  package func load(_ resource: Resource, _ id: Int64) throws -> Draft? {
    values.reset()
    values.append(integer: id)
    return try load(resource, resource.sql.byID, values)
  }

  package func load(_ resource: Resource, _ sql: SQLText, _ key: Values) throws -> Draft? {
    var found: Draft?
    try connection.query(sql, key) { row in
      let draft = Draft(resource)
      for number in 0..<row.count { draft.values.set(number, row[number]) }
      found = draft
      return false
    }
    return found
  }

  /// Changes the record that `current` holds.
  ///
  /// - Parameter ifVersion: the version that the sender has seen; 412 when it is another by now.
  @discardableResult
  package func update(
    _ current: Draft, with change: Draft, _ how: Change, ifVersion: ((Int64) -> Bool)? = nil
  ) throws -> Effect {
    defer { lastResource = current.resource }
    if let ifVersion, !ifVersion(current.version) { throw Problem.stale(current.version) }
    let next = combine(current, change, how)
    next.complete()
    try resolver.resolve(next)
    for reference in next.references where reference.column.kind == .reference && next[reference.column.number].integer == current.id {
      next.fault(reference.column.number, "self_reference", "a record cannot refer to itself here")
    }
    guard next.faults.isEmpty else { throw Problem.invalid(next) }
    guard differs(next, current) else { return .unchanged }
    guard !current.resource.isAppendOnly else { throw Problem.appendOnly(current.resource) }
    try replace(current, by: next)
    return .updated
  }

  /// Sets derived fields of a record because another one changed; nothing happens when they are the same.
  package func derive(_ resource: Resource, _ id: Int64, _ set: (Draft) -> Void) throws {
    guard let current = try load(resource, id) else { return }
    let next = Draft(resource)
    for number in 0..<current.values.count { next.values.set(number, current[number]) }
    set(next)
    guard differs(next, current) else { return }
    try replace(current, by: next)
  }

  private func replace(_ current: Draft, by next: Draft) throws {
    try supersede(current, by: way, seq: transaction.nextSeq())
    next.values.set(next.resource.standard.version, integer: current.version + 1)
    next.values.set(next.resource.standard.seq, integer: lastSeq)
    next.values.set(next.resource.standard.updatedAt, integer: max(now, current[current.resource.standard.updatedAt].integer))
    if let importID { next.values.set(next.resource.standard.importID, integer: importID) }
    do { try store(next.resource.sql.update, next) } catch {
      try forgetSuperseded(current)
      throw error
    }
    try Links.replace(of: next, old: current, in: self)
    try next.resource.rules.stored(next, current, current.id, self)
  }

  /// Brings a record back to what it said in an earlier version, as a new one.
  func restore(_ current: Draft, to old: Draft) throws {
    let next = Draft(current.resource)
    for number in 0..<old.values.count { next.values.set(number, old[number]) }
    next.values.set(next.resource.standard.createdAt, current[current.resource.standard.createdAt])
    if !Catalogue.shared.parts(of: current.resource).isEmpty {
      // What follows from its parts follows from those of now.
      for column in current.resource.columns where column.isReadOnly && column.number != current.resource.standard.importID {
        next.values.set(column.number, current[column.number])
      }
    }
    try replace(current, by: next)
  }

  private var lastSeq: Int64 = 0

  /// Moves the state that ends now into the history.
  private func supersede(_ current: Draft, by what: String, seq: Int64) throws {
    lastSeq = seq
    values.reset()
    values.append(integer: current.id)
    values.append(integer: max(now, current[current.resource.standard.updatedAt].integer))
    values.append(integer: seq)
    values.append(text: what)
    try connection.execute(current.resource.sql.supersede, values)
  }

  /// An import goes on after an update that a unique key refused: the state that did not end is no history.
  private func forgetSuperseded(_ current: Draft) throws {
    values.reset()
    values.append(integer: current.id)
    values.append(integer: current.version)
    try connection.execute(current.resource.sql.forgetSuperseded, values)
  }

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

  private func differs(_ next: Draft, _ current: Draft) -> Bool {
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

  // MARK: Delete

  /// Deletes a record and what it owns; its last state becomes a tombstone in the history.
  ///
  /// - Throws: `Problem` 409 when other records refer to it.
  package func delete(_ current: Draft, ifVersion: ((Int64) -> Bool)? = nil) throws {
    if let ifVersion, !ifVersion(current.version) { throw Problem.stale(current.version) }
    let resource = current.resource
    try Links.checkUnreferenced(current, in: self)
    for part in Catalogue.shared.parts(of: resource) { try deleteParts(part, of: current.id) }
    try supersede(current, by: "delete", seq: transaction.nextSeq())
    try Links.remove(of: current, in: self)
    values.reset()
    values.append(integer: current.id)
    resolver.forgetFound()
    do { try connection.execute(resource.sql.delete, values) } catch let error as SQLError where error.kind == .foreignKey {
      throw Problem.referenced(resource, try Links.referrers(of: current, in: self))
    }
    // Behind everything that may refuse the delete: what is kept in memory of a change is not undone with it.
    try resource.rules.stored(nil, current, current.id, self)
  }

  private func deleteParts(_ part: Resource, of id: Int64) throws {
    guard let field = part.parent?.field else { return }
    values.reset()
    values.append(integer: id)
    var ids: [Int64] = []
    try connection.query(SQLText("SELECT id FROM \(part.name) WHERE \(field) = ?1", isFixed: false), values) { row in
      ids.append(row[0].integer)
      return true
    }
    for id in ids {
      guard let record = try load(part, id) else { continue }
      try delete(record)
    }
  }
}
