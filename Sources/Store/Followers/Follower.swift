package import Records
package import SQL

/// Keeps something that hangs on records (an index, a parent's derived fields, sums) inside the write that changes them.
///
/// One is made for a write when the first record that it follows changes, and lives until the write ends. It is told of edits, of rows of an
/// import and of what an undo takes back alike.
package protocol Follower: AnyObject, SendableMetatype {
  /// - Parameter cause: how the write came to be.
  init(_ transaction: any WriteTransaction, _ cause: WriteCause)

  /// Follows one change, which is stored already. What it throws refuses the change; what it keeps in memory is not undone with one that
  /// is refused later, so it is told last.
  ///
  /// - Parameters:
  ///   - new: what the record says now; `nil` after a delete.
  ///   - old: what it said; `nil` before a create.
  ///   - write: for changes of other records that follow from this one.
  func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws

  /// Stores what the changes of the write share: when the write has done its work, inside its savepoint. It changes no
  /// records. What it throws undoes the write.
  func atEnd() throws
}

extension Follower {
  func atEnd() throws {}
}

/// The followers of one write, each made once.
package final class Followers {
  /// Who follows which resource, in the order in which they are told.
  private static let types: [(resource: Resource, followers: [any Follower.Type])] = [
    (Events.resource, [Participants.self, Rollups.self]),
    (Assessments.resource, [LatestAssessment.self]),
    (Commitments.resource, [KeptShare.self]),
    (Imports.resource, [SettledRollups.self]),
  ]

  private let transaction: any WriteTransaction
  private let cause: WriteCause
  private var made: [any Follower] = []
  /// Those of each resource that this write has changed: few, so they are looked through.
  private var byResource: [(resource: Resource, followers: [any Follower])] = []

  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) { (self.transaction, self.cause) = (transaction, cause) }

  /// The followers of a resource.
  package func of(_ resource: Resource) -> [any Follower] {
    for known in byResource where known.resource === resource { return known.followers }
    let followers = (Self.types.first { $0.resource === resource }?.followers ?? []).map { one(of: $0) }
    byResource.append((resource, followers))
    return followers
  }

  /// The one of this type.
  package func one<Kind: Follower>(of type: Kind.Type) -> Kind {
    for known in made { if let known = known as? Kind { return known } }
    let follower = Kind(transaction, cause)
    made.append(follower)
    transaction.atEnd { try follower.atEnd() }
    return follower
  }
}
