internal import Formats
package import HTTP
internal import Records
package import SQL
internal import Store

/// The parts of the register that all loops share.
package final class Register: Sendable {
  /// The store; closed by its owner, after `close`.
  package let database: any Database
  /// The settings, fixed for the register's life.
  package let configuration: RegisterConfiguration
  let seal: CursorSeal
  let readers: ReaderPool<any Connection>
  /// Full-text search; `nil` when it is turned off.
  let search: Search?
  let access: AccessGuard
  let imports: ImportDesk
  let answers: AnswerCache
  let rollups: Rollups
  let log: Log

  /// - Parameters:
  ///   - index: the full-text index's file; `nil` turns search off.
  ///   - log: receives background failures.
  /// - Throws: `BrokenPromise` if one of the register's own rows is missing, such as the secret that seals cursors.
  package init(_ database: any Database, _ configuration: RegisterConfiguration, index: (any DerivedFile)? = nil, log: Log) throws {
    self.database = database
    self.log = log
    self.configuration = configuration
    let key = try RegisterState.cursorKey(database.makeReader())
    seal = CursorSeal(key: key)
    readers = ReaderPool(database, count: configuration.readers, maxWaiting: configuration.maxWaitingQuestions)
    access = AccessGuard(hosts: configuration.hosts)
    imports = ImportDesk(database, configuration, log)
    answers = AnswerCache(maxBytes: configuration.answerCacheBytes)
    search = index.map {
      Search(
        database, $0, configuration.search, readers: configuration.readers, maxWaiting: configuration.maxWaitingQuestions,
        timeoutMilliseconds: configuration.queryTimeoutMilliseconds, registerKey: key, log)
    }
    rollups = Rollups(log: log)
    database.add(rollups)
    database.add(readers)
    search?.indexer.start()
  }

  /// The state for which answers are valid.
  ///
  /// - Parameter now: Unix milliseconds.
  func state(at now: Int64) -> AnswerCache.State { .init(seq: database.lastSeq, day: now / 86_400_000) }

  /// Ends background work; call it before closing the database.
  package func close() async {
    await imports.close()
    search?.indexer.close()
  }
}
