internal import Dispatch
internal import Locks
internal import SQL

/// A few read connections for questions that take longer than a loop may wait, each on a queue of its own.
final class ReaderPool<Source>: Sendable {
  private final class Reader: @unchecked Sendable {
    // Sendable holds because the source is made and used on `queue` alone.
    let queue: DispatchQueue
    var source: Source?

    init(number: Int) { queue = DispatchQueue(label: "chancery.reader.\(number)") }
  }

  private let make: @Sendable (Source?) throws -> Source
  private let connection: @Sendable (Source) -> any Connection
  private let readers: [Reader]
  /// How many questions each has before it.
  private let waiting: Locked<[Int]>

  /// - Parameters:
  ///   - make: gives the source that is there, if it still serves, or a new one.
  ///   - connection: what of a source the deadline is set on.
  init(
    count: Int, make: @escaping @Sendable (Source?) throws -> Source, connection: @escaping @Sendable (Source) -> any Connection
  ) {
    self.make = make
    self.connection = connection
    readers = (0..<max(count, 1)).map { Reader(number: $0) }
    waiting = Locked(Array(repeating: 0, count: max(count, 1)))
  }

  /// Runs `body` with a connection, away from the loop.
  ///
  /// - Parameter milliseconds: the deadline of every statement in it.
  func read<Result: Sendable>(within milliseconds: Int, _ body: @escaping @Sendable (Source) throws -> Result) async throws -> Result {
    // The one with the least before it: a quick question is not put behind a long one while another reader has nothing to do.
    let number = waiting.withLock { waiting -> Int in
      let number = waiting.indices.min { waiting[$0] < waiting[$1] } ?? 0
      waiting[number] += 1
      return number
    }
    let reader = readers[number]
    return try await withCheckedThrowingContinuation { continuation in
      reader.queue.async { @Sendable in
        let result = Swift.Result { try self.run(body, on: reader, within: milliseconds) }
        self.waiting.withLock { $0[number] -= 1 }
        continuation.resume(with: result)
      }
    }
  }

  private func run<Result>(_ body: (Source) throws -> Result, on reader: Reader, within milliseconds: Int) throws -> Result {
    let source = try make(reader.source)
    reader.source = source
    let connection = connection(source)
    connection.setDeadline(milliseconds: milliseconds)
    defer { connection.setDeadline(milliseconds: nil) }
    return try body(source)
  }
}

extension ReaderPool where Source == any Connection {
  convenience init(_ database: any Database, count: Int) {
    self.init(count: count, make: { try $0 ?? database.makeReader() }, connection: { $0 })
  }
}
