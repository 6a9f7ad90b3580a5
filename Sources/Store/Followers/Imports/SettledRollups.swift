internal import Records
internal import SQL

/// Brings the rollups up to date whenever the record of an import changes: at its start and its end.
final class SettledRollups: Follower {
  /// Needs nothing: it only forwards to `Rollups`.
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) {}

  /// Makes the write end with the rollups up to date.
  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws { write.follower(Rollups.self).settle() }
}
