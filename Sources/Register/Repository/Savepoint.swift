internal import SQL

extension Write {
  private static let begin = SQLText("SAVEPOINT part")
  private static let undo = SQLText("ROLLBACK TO part")
  private static let end = SQLText("RELEASE part")

  /// Does several changes or, when one of them throws, none: for who goes on after a refusal. Change numbers are given again.
  func whole<Result>(_ body: () throws -> Result) throws -> Result {
    let first = transaction.nextSeq()
    transaction.takeBackSeq()
    try connection.execute(Self.begin)
    do {
      let result = try body()
      try connection.execute(Self.end)
      return result
    } catch {
      // After a full disk the whole transaction is gone, and this fails too: the first error is the one to tell.
      _ = try? connection.execute(Self.undo)
      _ = try? connection.execute(Self.end)
      // What was made in it may have been found.
      forgetFound()
      for _ in first...transaction.nextSeq() { transaction.takeBackSeq() }
      throw error
    }
  }
}
