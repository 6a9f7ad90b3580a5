internal import SQL

extension Write {
  /// Runs several changes in a savepoint: all or none. For callers that continue after a refusal; change numbers are reused.
  ///
  /// - Throws: what `body` throws, after undoing it.
  package func whole<Result>(_ body: () throws -> Result) throws -> Result {
    let first = transaction.nextSeq()
    transaction.takeBackSeq()
    try connection.execute(Dialect.savepoint)
    do {
      let result = try body()
      try connection.execute(Dialect.releaseSavepoint)
      return result
    } catch {
      // After a full disk the whole transaction is gone and these fail too: report the first error.
      _ = try? connection.execute(Dialect.undoToSavepoint)
      _ = try? connection.execute(Dialect.releaseSavepoint)
      // Cached look-ups may hold records made in the savepoint.
      forgetFound()
      for _ in first...transaction.nextSeq() { transaction.takeBackSeq() }
      throw error
    }
  }
}
