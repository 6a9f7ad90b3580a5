internal import Formats
package import HTTP
internal import Records
package import SQL
internal import Store

/// What all loops share of the register.
package final class Register: Sendable {
  package let database: any Database
  package let configuration: RegisterConfiguration
  let seal: CursorSeal
  let readers: ReaderPool<any Connection>
  /// Full-text search; `nil` when it is turned off.
  let search: Search?
  let access: AccessGuard
  let imports: ImportDesk
  let answers: AnswerCache
  let log: Log

  /// - Parameters:
  ///   - index: where the full-text index lies; without one nothing can be searched for.
  ///   - log: is told of what fails behind the answers.
  /// - Throws: `BrokenPromise` for a row of the register's own that is missing, such as the secret that seals cursors.
  package init(_ database: any Database, _ configuration: RegisterConfiguration, index: (any DerivedFile)? = nil, log: Log) throws {
    self.database = database
    self.log = log
    self.configuration = configuration
    Declarations.makeAll()
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
    search?.indexer.start()
  }

  /// What answers are true for.
  ///
  /// - Parameter now: Unix milliseconds.
  func state(at now: Int64) -> AnswerCache.State { .init(seq: database.lastSeq, day: now / 86_400_000) }

  /// Ends what goes on behind the answers; before the database is closed.
  package func close() async {
    await imports.close()
    search?.indexer.close()
  }
}
