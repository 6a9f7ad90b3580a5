internal import Formats
package import HTTP
package import SQL

/// Full-text search over the register: the indexer and the readers of the index.
package final class Search: Sendable {
  /// Fills the index; must be started.
  package let indexer: Indexer
  private let database: any Database
  private let readers: ReaderPool<SearchReader>
  private let timeoutMilliseconds: Int

  /// - Parameters:
  ///   - readers: connections for searches.
  ///   - maxWaiting: most searches that may wait for one; 503 above.
  ///   - timeoutMilliseconds: how long a search may wait and run, together.
  ///   - registerKey: the register's secret; a MAC of it identifies the register in the index.
  package init(
    _ database: any Database, _ file: any DerivedFile, _ configuration: SearchConfiguration, readers: Int, maxWaiting: Int,
    timeoutMilliseconds: Int, registerKey: String, _ log: Log
  ) {
    let identity = Base64URL.encode(Hash.tag(Array("search".utf8), key: Array(registerKey.utf8)))
    let indexer = Indexer(database, file, configuration, identity: identity, log)
    self.indexer = indexer
    self.database = database
    self.timeoutMilliseconds = timeoutMilliseconds
    self.readers = ReaderPool(
      count: readers, maxWaiting: maxWaiting,
      make: { reader in
        let generation = indexer.generation
        if let reader, reader.generation == generation { return reader }
        return try SearchReader(file, generation: generation)
      }, connection: { $0.connection })
    database.add(self.readers)
  }

  /// Runs `body` with a reader of the index.
  ///
  /// - Parameter isStaleAllowed: searches the index as it is; otherwise waits until it holds every change committed by now.
  /// - Throws: `Problem` 503 `search_behind` when that takes too long, or when the index is damaged and gets rebuilt; else as
  ///   `ReaderPool.read` does.
  package func read<Result: Sendable>(
    as asker: ReaderPool<SearchReader>.Asker = .question, isStaleAllowed: Bool, _ body: @escaping @Sendable (SearchReader) throws -> Result
  ) async throws -> Result {
    let seq = database.lastSeq
    if !isStaleAllowed, await !indexer.reach(seq) { throw behind(seq) }
    let generation = indexer.generation
    do {
      return try await readers.read(as: asker, within: timeoutMilliseconds, body)
    } catch let error as SQLError where error.kind == .damaged {
      indexer.rebuild(generation)
      throw behind(seq)
    }
  }

  private func behind(_ seq: Int64) -> Problem {
    let left = max(seq - indexer.seq, 0)
    return Problem(
      status: 503, code: "search_behind", title: "The search index is not up to date",
      detail: "it is \(left) changes behind", hint: "retry, or add stale=true to search what is indexed so far", retryAfterSeconds: 1)
  }
}
