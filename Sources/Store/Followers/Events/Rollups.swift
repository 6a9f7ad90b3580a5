internal import Formats
package import HTTP
internal import Locks
internal import Records
package import SQL

/// Maintains the rollups of events behind the writes. They hold every change up to a change number, `rollups_seq` in `register_state`; a
/// figure adds the later changes, which are in the events and their history (`RollupTail`).
///
/// A write therefore stores nothing for them, nothing is kept in memory, and nothing has to be repaired after a crash, an undo or a failed
/// commit: the number moves in the transaction that stores the sums.
package final class Rollups: CommitFollower {
  private struct Pace {
    /// The change number up to which the last slice went; a hint, since that slice may have been rolled back.
    var seq: Int64 = 0
    /// Changes taken in per millisecond, as measured.
    var rate = 30.0
    /// Whether a figure has read changes that were left since the last slice.
    var isAsked = false
    var hasFailed = false
    /// The change number of the latest turn; `nil` before the first.
    var latest: Int64?
    /// Changes that are left to gather while others write.
    var gathered = Rollups.gathered
  }

  /// Changes that are left to gather beside single writes: sums stored together share pages.
  private static let gathered: Int64 = 1_000
  /// Turns of an import whose changes are gathered, up to `mostGathered`.
  private static let gatheredTurns: Int64 = 8
  private static let mostGathered: Int64 = 40_000
  /// The time for a slice while others write, milliseconds. It grows with the tail, so that the tail does not.
  private static let slice = 5.0
  /// Changes for which one such slice is enough.
  private static let tail: Int64 = 2_000
  /// The time for a slice while nobody writes, milliseconds: a write that comes waits for its end.
  private static let quietSlice = 20.0

  private let log: Log
  private let pace = Locked(Pace())

  /// - Parameter log: told once when sums cannot be stored.
  package init(log: Log) { self.log = log }

  // MARK: Following

  /// Whether enough changes have gathered, or nobody writes, or figures read what is left.
  package func isDue(at seq: Int64, isQuiet: Bool) -> Bool {
    pace.withLock { pace in
      let turn = seq - (pace.latest ?? seq)
      pace.latest = seq
      pace.gathered = min(max(Self.gathered, turn * Self.gatheredTurns), Self.mostGathered)
      return seq - pace.seq >= (isQuiet || pace.isAsked ? 1 : pace.gathered)
    }
  }

  /// Says that a figure has read changes that the rollups lack: the next turn adds them, so that the following figures need not.
  package func noteAsked() { pace.withLock { $0.isAsked = true } }

  /// Adds the next changes to the sums, as many as a slice of time allows.
  package func follow(_ connection: any Connection, upTo seq: Int64, isQuiet: Bool, atMost milliseconds: Double) throws -> Int64 {
    do {
      let left = try fold(connection, upTo: seq, isQuiet: isQuiet, atMost: milliseconds)
      pace.withLock { $0.hasFailed = false }
      return left
    } catch {
      let isNews = pace.withLock { pace in
        defer { pace.hasFailed = true }
        return !pace.hasFailed
      }
      if isNews { log.failure("rollups", "sums for figures cannot be stored now: \(error)") }
      throw error
    }
  }

  private func fold(_ connection: any Connection, upTo seq: Int64, isQuiet: Bool, atMost milliseconds: Double) throws -> Int64 {
    let from = try connection.integer(Self.storedSeq).promised("register_state.rollups_seq")
    let left = seq - from
    guard left >= pace.withLock({ isQuiet || $0.isAsked ? 1 : $0.gathered }) else {
      pace.withLock { $0.seq = from }
      return left
    }
    // For a tail that no figure reads, one slice is enough.
    let share = left > RollupState.mostTail ? 1 : max(1, Double(left) / Double(Self.tail))
    let time = min(isQuiet ? Self.quietSlice : Self.slice * share, milliseconds)
    let most = Int64(max(pace.withLock { $0.rate } * time, 64))
    let to = from + min(left, most)
    let began = ContinuousClock.now
    try Self.advance(from: from, to: to, connection)
    let took = max(began.duration(to: .now) / .milliseconds(1), 0.1)
    pace.withLock { pace in
      pace.seq = to
      if to == seq { pace.isAsked = false }
      pace.rate = 0.7 * pace.rate + 0.3 * Double(to - from) / took
    }
    return seq - to
  }

  // MARK: Changes

  /// Moves the rollups on from one change number to a later one.
  ///
  /// - Throws: `SQLError`.
  package static func advance(from: Int64, to: Int64, _ connection: any Connection) throws {
    try add(from: from, to: to, connection)
    try connection.execute(noteSeq, with: to)
  }

  /// What the events of state `to` have that those of state `from` had not, and the other way round. A state is what the register showed
  /// at a change number: rows with a number up to it that had not ended by then.
  private static func add(from: Int64, to: Int64, _ connection: any Connection) throws {
    let changes = RollupChanges()
    try connection.query(now, with: from, to) { row in
      changes.take(row, 1)
      return true
    }
    // Those that have ended since, but after `to`.
    try connection.query(then, with: to, from, to) { row in
      changes.take(row, 1)
      return true
    }
    try connection.query(ended, with: from, to, from) { row in
      changes.take(row, -1)
      return true
    }
    try changes.store(over: connection)
  }

  private static let columns = SQLFragment(raw: RollupChanges.columns.map(\.name).joined(separator: ", "))
  private static let now = SQLTemplate(
    """
    SELECT \(columns) FROM events\(RollupTail.bySeq) WHERE seq > \(parameter: "from") AND seq <= \(parameter: "to")
    """)
  private static let then = SQLTemplate(
    """
    SELECT \(columns) FROM events_history\(RollupTail.byEnd)
    WHERE ended_seq > \(parameter: "to") AND seq > \(parameter: "from") AND seq <= \(parameter: "until")
    """)
  private static let ended = SQLTemplate(
    """
    SELECT \(columns) FROM events_history\(RollupTail.byEnd)
    WHERE ended_seq > \(parameter: "from") AND ended_seq <= \(parameter: "to") AND seq <= \(parameter: "began")
    """)

  // MARK: State

  private static let storedSeq = SQLTemplate(RollupTail.since)
  private static let noteSeq = note("rollups_seq")
  private static let noteFingerprint = note("rollups_fingerprint")

  /// Sets a value in `register_state`; takes the value.
  private static func note(_ name: String) -> SQLTemplate {
    SQLTemplate(
      "INSERT INTO register_state VALUES ('\(raw: name)', \(parameter: "value"))\(Dialect.orChange(["name"], ["value = excluded.value"]))")
  }

  private static let tables = ["event_months", "event_country_months", "event_dyad_months", "event_dyads", "event_totals", "event_days"]
  private static let clear = tables.map { SQLTemplate("DELETE FROM \(raw: $0)") }

  /// Empties the rollups: they are made anew from the events, a slice at a time, and figures come from the events meanwhile.
  ///
  /// - Throws: `SQLError`.
  package static func distrust(_ connection: any Connection) throws {
    for statement in clear { try connection.execute(statement) }
    try connection.execute(noteSeq, with: 0)
    try connection.execute(noteFingerprint, with: fingerprint)
  }

  /// Identifies what the rollups hold: the fields that are added up, and how. Increment the number when what `RollupChanges` adds up in
  /// code changes.
  package static let fingerprint = Base64URL.encode(
    Hash.tag(Array("\(columns.text); \(tables.joined(separator: ",")); 3".utf8), key: Array("rollups".utf8)))
}
