internal import Records
internal import SQL

/// An import that begins or ends leaves no rollup behind.
final class SettledRollups: Follower {
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) {}

  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws { write.follower(Rollups.self).settle() }
}
