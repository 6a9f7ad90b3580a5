internal import Formats
internal import SQL

/// The transaction of one group of writes.
final class Transaction: WriteTransaction {
  let connection: any Connection
  let now: Int64
  let committedSeq: Int64
  var seq: Int64
  var ids: SnowflakeGenerator
  private let isAwaited: () -> Bool

  init(
    connection: any Connection, now: Int64, seq: Int64, ids: SnowflakeGenerator, isAwaited: @escaping () -> Bool
  ) {
    self.connection = connection
    self.now = now
    committedSeq = seq
    self.seq = seq
    self.ids = ids
    self.isAwaited = isAwaited
  }

  var othersWait: Bool { isAwaited() }

  func nextSeq() -> Int64 {
    seq += 1
    return seq
  }

  func takeBackSeq() { seq -= 1 }

  /// `atEnd` work of the running write.
  var endings: [() throws -> Void] = []

  func atEnd(_ body: @escaping () throws -> Void) { endings.append(body) }

  private(set) var lastID: Int64 = 0

  func nextID() -> Int64 {
    lastID = ids.next(nowMilliseconds: now)
    return lastID
  }
}
