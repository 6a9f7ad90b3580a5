internal import Formats
internal import HTTP
package import Records
package import SQL

/// The effect of a change on a record.
package enum Effect: Sendable, Equatable {
  /// A new record, version 1.
  case created
  /// A new version of the record.
  case updated
  /// The record already had these values: no new version, no change number.
  case unchanged
}

/// How a draft is combined with the existing record.
package enum Change: Sendable {
  /// Missing fields are cleared (PUT).
  case replace
  /// Missing fields are kept (PATCH, imports).
  case merge
}

/// Changes records inside one write transaction. No other type writes records.
///
/// `Judge` decides; `Write` stores: ids, versions, change numbers, history and links. A `Follower` maintains everything else derived from
/// a record.
package final class Write {
  /// The transaction that all changes belong to.
  package let transaction: any WriteTransaction
  /// The origin of the changes.
  package let cause: WriteCause
  /// The resource of the last stored decision, which the response shows.
  package private(set) var lastResource: Resource?
  private let judge: Judge
  private let followers: Followers
  private let values = Values()
  /// A reusable row for the values of one statement; valid until the next call.
  package let scratch = Values()

  /// The writer's connection.
  package var connection: any Connection { transaction.connection }
  /// Record time of all changes, Unix milliseconds.
  package var now: Int64 { transaction.now }

  /// Use one `Write` per transaction and `going(on:)` for changes with another cause. Two would have two sets of followers: rollups rebuilt
  /// by one would already count what the other adds.
  package init(_ transaction: any WriteTransaction, as cause: WriteCause = .edit) {
    (self.transaction, self.cause) = (transaction, cause)
    judge = Judge(transaction.connection)
    followers = Followers(transaction, cause)
  }

  private init(beside other: Write, as cause: WriteCause) {
    (transaction, self.cause, judge, followers) = (other.transaction, cause, other.judge, other.followers)
  }

  /// The same write for changes with another cause, such as the record of an import beside its rows. Followers keep the first cause.
  package func going(on cause: WriteCause) -> Write { Write(beside: self, as: cause) }

  /// This write's follower of a type, created on first use.
  package func follower<Kind: Follower>(_ type: Kind.Type) -> Kind { followers.one(of: type) }

  /// Clears the cached handles: a record may have been deleted.
  func forgetFound() { judge.forgetFound() }

  /// Stores a decision.
  ///
  /// - Returns: the effect; a created record has its number in its draft.
  /// - Throws: `Problem` 409 when a unique key is taken; `SQLError`; what a follower throws.
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

  /// Creates a record from a complete draft.
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
      // An import continues after a refused row: return its change number.
      transaction.takeBackSeq()
      throw Problem.taken(draft.resource, error)
    }
  }

  // MARK: Update

  /// The record with this number as a draft; `nil` if there is none.
  package func load(_ resource: Resource, _ id: Int64) throws -> Draft? {
    values.reset()
    values.append(integer: id)
    return try load(resource, resource.sql.byID, values)
  }

  /// The record that a statement of `ResourceSQL` finds; `nil` if there is none.
  package func load(_ resource: Resource, _ sql: SQLTemplate, _ key: Values) throws -> Draft? { try connection.draft(resource, sql, key) }

  /// Changes the record `current`.
  ///
  /// - Parameter ifVersion: whether `If-Match` accepts a version; `nil` without a precondition.
  /// - Throws: `Problem` 412, 422 or 409 as `Judge.decide` and `store` do.
  @discardableResult
  package func update(
    _ current: Draft, with change: Draft, _ how: Change, ifVersion: ((Int64) -> Bool)? = nil
  ) throws -> Effect {
    try store(judge.decide(current, with: change, how, ifVersion: ifVersion))
  }

  /// Sets derived fields of a record after another one changed; no effect if they are equal or the record is missing.
  ///
  /// - Parameter set: changes the next state in place.
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

  /// Restores an earlier state of a record as a new version.
  func restore(_ current: Draft, to old: Draft) throws {
    let next = Draft(current.resource)
    for number in 0..<old.values.count { next.values.set(number, old[number]) }
    next.values.set(next.resource.standard.createdAt, current[current.resource.standard.createdAt])
    if !Catalogue.shared.parts(of: current.resource).isEmpty {
      // Fields derived from parts keep the values of the current parts.
      for column in current.resource.columns where column.isReadOnly && column.number != current.resource.standard.importID {
        next.values.set(column.number, current[column.number])
      }
    }
    try replace(current, by: next)
  }

  private var lastSeq: Int64 = 0

  /// Copies the ending state into the history.
  private func supersede(_ current: Draft, by what: String, seq: Int64) throws {
    lastSeq = seq
    values.reset()
    values.append(integer: current.id)
    values.append(integer: max(now, current[current.resource.standard.updatedAt].integer))
    values.append(integer: seq)
    values.append(text: what)
    try connection.execute(current.resource.sql.supersede, values)
  }

  /// Removes the state from the history again after a refused update: an import continues, and the state has not ended.
  private func forgetSuperseded(_ current: Draft) throws {
    values.reset()
    values.append(integer: current.id)
    values.append(integer: current.version)
    try connection.execute(current.resource.sql.forgetSuperseded, values)
  }

  // MARK: Delete

  /// Deletes a record and its parts; the last state becomes a tombstone in the history.
  ///
  /// - Parameter ifVersion: whether `If-Match` accepts a version; `nil` without a precondition.
  /// - Throws: `Problem` 412 when it does not, 409 when other records refer to it; `SQLError`.
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
    // After everything that may refuse the delete: a follower's memory is not rolled back.
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
