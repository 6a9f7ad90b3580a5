package import Records
package import SQL

/// Maintains something derived from records (an index, a parent's fields) inside the write that changes them. What may lag behind the
/// writes is a `SQL.CommitFollower` instead, such as `Rollups`.
///
/// Created when a write first changes a record of its resource; lives until the write ends. It sees edits, rows of imports and undos alike.
package protocol Follower: AnyObject, SendableMetatype {
  /// - Parameter cause: the origin of the write.
  init(_ transaction: any WriteTransaction, _ cause: WriteCause)

  /// Handles one change, which is already stored. Called last, since a follower's memory is not rolled back.
  ///
  /// - Parameters:
  ///   - new: the record's new state; `nil` after a delete.
  ///   - old: its previous state; `nil` for a create.
  ///   - id: its number.
  ///   - write: for changes of other records that result from this one.
  /// - Throws: any error refuses the change.
  func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws

  /// Stores what the write's changes share, at its end and inside its savepoint. Must not change records; an error undoes the write.
  func atEnd() throws
}

extension Follower {
  func atEnd() throws {}
}

/// The followers of one write, each created once.
package final class Followers {
  /// The followers of each resource, in calling order.
  private static let types: [(resource: Resource, followers: [any Follower.Type])] = [
    (Events.resource, [Participants.self]),
    (Assessments.resource, [LatestAssessment.self]),
    (Commitments.resource, [KeptShare.self]),
  ]

  private let transaction: any WriteTransaction
  private let cause: WriteCause
  private var made: [any Follower] = []
  /// By resource that this write has changed; few enough for a linear search.
  private var byResource: [(resource: Resource, followers: [any Follower])] = []

  /// - Parameter cause: passed on to the followers.
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) { (self.transaction, self.cause) = (transaction, cause) }

  /// The followers of a resource, in calling order; created on first use.
  package func of(_ resource: Resource) -> [any Follower] {
    for known in byResource where known.resource === resource { return known.followers }
    let followers = (Self.types.first { $0.resource === resource }?.followers ?? []).map { one(of: $0) }
    byResource.append((resource, followers))
    return followers
  }

  /// The follower of a type; created on first use, its `atEnd` then registered with the transaction.
  package func one<Kind: Follower>(of type: Kind.Type) -> Kind {
    for known in made { if let known = known as? Kind { return known } }
    let follower = Kind(transaction, cause)
    made.append(follower)
    transaction.atEnd { try follower.atEnd() }
    return follower
  }
}
