internal import SQL

extension Write {
  /// Does several changes or, when one of them throws, none: for who goes on after a refusal. Change numbers are given again.
  package func whole<Result>(_ body: () throws -> Result) throws -> Result {
    let first = transaction.nextSeq()
    transaction.takeBackSeq()
    try connection.execute(Dialect.savepoint)
    do {
      let result = try body()
      try connection.execute(Dialect.releaseSavepoint)
      return result
    } catch {
      // After a full disk the whole transaction is gone, and this fails too: the first error is the one to tell.
      _ = try? connection.execute(Dialect.undoToSavepoint)
      _ = try? connection.execute(Dialect.releaseSavepoint)
      // What was made in it may have been found.
      forgetFound()
      for _ in first...transaction.nextSeq() { transaction.takeBackSeq() }
      throw error
    }
  }
}
