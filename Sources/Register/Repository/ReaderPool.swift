internal import Dispatch
internal import Locks
internal import SQL

/// A few read connections for questions that take longer than a loop may wait, each on a queue of its own.
final class ReaderPool: Sendable {
  private final class Reader: @unchecked Sendable {
    // Sendable holds because the connection is made and used on `queue` alone.
    let queue: DispatchQueue
    var connection: (any Connection)?

    init(number: Int) { queue = DispatchQueue(label: "chancery.reader.\(number)") }
  }

  private let database: any Database
  private let readers: [Reader]
  private let next = Locked(0)

  init(_ database: any Database, count: Int) {
    self.database = database
    readers = (0..<max(count, 1)).map { Reader(number: $0) }
  }

  /// Runs `body` with a connection, away from the loop.
  ///
  /// - Parameter milliseconds: the deadline of every statement in it.
  func read<Result: Sendable>(within milliseconds: Int, _ body: @escaping @Sendable (any Connection) throws -> Result) async throws
    -> Result
  {
    let turn = next.withLock { turn -> Int in
      defer { turn &+= 1 }
      return turn
    }
    let reader = readers[abs(turn) % readers.count]
    return try await withCheckedThrowingContinuation { continuation in
      reader.queue.async { @Sendable in
        continuation.resume(with: Swift.Result { try self.run(body, on: reader, within: milliseconds) })
      }
    }
  }

  private func run<Result>(_ body: (any Connection) throws -> Result, on reader: Reader, within milliseconds: Int) throws -> Result {
    let connection = try reader.connection ?? database.makeReader()
    reader.connection = connection
    connection.setDeadline(milliseconds: milliseconds)
    defer { connection.setDeadline(milliseconds: nil) }
    return try body(connection)
  }
}
