internal import Formats
internal import HTTP
package import Records
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
///
/// `Judge` decides, this stores: it knows ids, versions, change numbers, history and links. What else hangs on a record is a `Follower`.
package final class Write {
  package let transaction: any WriteTransaction
  /// How it came to be.
  package let cause: WriteCause
  /// What was created or changed last: what an answer shows.
  package private(set) var lastResource: Resource?
  private let judge: Judge
  private let followers: Followers
  private let values = Values()
  /// For the next statement of whoever needs one.
  package let scratch = Values()

  package var connection: any Connection { transaction.connection }
  package var now: Int64 { transaction.now }

  /// One for all that a transaction is given to do; what has another cause in it is done by `going(on:)`. Two would have two sets of followers,
  /// and rollups that the one makes anew hold what the other adds.
  package init(_ transaction: any WriteTransaction, as cause: WriteCause = .edit) {
    (self.transaction, self.cause) = (transaction, cause)
    judge = Judge(transaction.connection)
    followers = Followers(transaction, cause)
  }

  private init(beside other: Write, as cause: WriteCause) {
    (transaction, self.cause, judge, followers) = (other.transaction, cause, other.judge, other.followers)
  }

  /// The same write, for changes that have another cause: the record of an import beside its rows. Its followers go by the first cause.
  package func going(on cause: WriteCause) -> Write { Write(beside: self, as: cause) }

  /// The follower of this type, which belongs to this write.
  package func follower<Kind: Follower>(_ type: Kind.Type) -> Kind { followers.one(of: type) }

  /// Forgets which handles were found: what was found may be gone.
  func forgetFound() { judge.forgetFound() }

  /// Stores what was decided.
  ///
  /// - Returns: what it did; a record that was created has its number in its draft.
  /// - Throws: `Problem` 409 when a unique key is taken.
  @discardableResult
  package func store(_ decision: Decision) throws -> Effect {
    defer { lastResource = decision.resource }
    switch decision {
    case .create(let draft):
      try insert(draft)
      return .created
    case .update(let next, let current):
      try replace(current, by: next)
      return .updated
    case .unchanged: return .unchanged
    }
  }

  private func follow(_ new: Draft?, _ old: Draft?, _ id: Int64, _ resource: Resource) throws {
    for follower in followers.of(resource) { try follower.stored(new, old, id, in: self) }
  }

  // MARK: Create

  /// Inserts a draft that is complete.
  ///
  /// - Returns: the new record's number.
  /// - Throws: `Problem` 422 with all faults, 409 when a unique key is taken.
  @discardableResult
  package func create(_ draft: Draft) throws -> Int64 {
    try store(judge.decide(draft))
    return draft.id
  }

  private func insert(_ draft: Draft) throws {
    let standard = draft.resource.standard
    let id = transaction.nextID()
    draft.values.set(StandardColumns.idNumber, integer: id)
    draft.values.set(standard.version, integer: 1)
    draft.values.set(standard.createdAt, integer: now)
    stamp(draft)
    try store(draft.resource.sql.insert, draft)
    try Links.replace(of: draft, old: nil, in: self)
    try follow(draft, nil, id, draft.resource)
  }

  private func stamp(_ draft: Draft) {
    let standard = draft.resource.standard
    draft.values.set(standard.seq, integer: transaction.nextSeq())
    draft.values.set(standard.updatedAt, integer: now)
    if let importID = cause.importID {
      draft.values.set(standard.importID, integer: importID)
    } else {
      draft.values.setNull(standard.importID)
    }
  }

  private func store(_ sql: SQLTemplate, _ draft: Draft) throws {
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

  package func load(_ resource: Resource, _ sql: SQLTemplate, _ key: Values) throws -> Draft? { try connection.draft(resource, sql, key) }

  /// Changes the record that `current` holds.
  ///
  /// - Parameter ifVersion: which versions the sender has seen; 412 when it has another by now.
  @discardableResult
  package func update(
    _ current: Draft, with change: Draft, _ how: Change, ifVersion: ((Int64) -> Bool)? = nil
  ) throws -> Effect {
    try store(judge.decide(current, with: change, how, ifVersion: ifVersion))
  }

  /// Sets derived fields of a record because another one changed; nothing happens when they are the same.
  package func derive(_ resource: Resource, _ id: Int64, _ set: (Draft) -> Void) throws {
    guard let current = try load(resource, id) else { return }
    let next = Draft(resource)
    for number in 0..<current.values.count { next.values.set(number, current[number]) }
    set(next)
    guard Judge.differs(next, current) else { return }
    try replace(current, by: next)
  }

  private func replace(_ current: Draft, by next: Draft) throws {
    try supersede(current, by: cause.ending, seq: transaction.nextSeq())
    next.values.set(next.resource.standard.version, integer: current.version + 1)
    next.values.set(next.resource.standard.seq, integer: lastSeq)
    next.values.set(next.resource.standard.updatedAt, integer: max(now, current[current.resource.standard.updatedAt].integer))
    if let importID = cause.importID { next.values.set(next.resource.standard.importID, integer: importID) }
    do { try store(next.resource.sql.update, next) } catch {
      try forgetSuperseded(current)
      throw error
    }
    try Links.replace(of: next, old: current, in: self)
    try follow(next, current, current.id, next.resource)
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
    forgetFound()
    do { try connection.execute(resource.sql.delete, values) } catch let error as SQLError where error.kind == .foreignKey {
      throw Problem.referenced(resource, try Links.referrers(of: current, in: self))
    }
    // Behind everything that may refuse the delete: what is kept in memory of a change is not undone with it.
    try follow(nil, current, current.id, resource)
  }

  private func deleteParts(_ part: Resource, of id: Int64) throws {
    guard let field = part.parent?.field else { return }
    var ids: [Int64] = []
    try connection.query("SELECT id FROM \(raw: part.name) WHERE \(raw: field) = \(id)") { row in
      ids.append(row[0].integer)
      return true
    }
    for id in ids {
      guard let record = try load(part, id) else { continue }
      try delete(record)
    }
  }
}
