package import Records
package import Store

/// Settings of the register's answers; the program maps configuration keys to them.
package struct RegisterConfiguration: Sendable {
  /// Whether an update without `If-Match` is refused (428).
  package var requireIfMatch = false
  /// Longest body of a single record, in bytes; 413 above.
  package var maxBodyBytes = 1_048_576
  /// Longest time for which a query may wait and run, in milliseconds; 503 above.
  package var queryTimeoutMilliseconds = 10_000
  /// Longest time for which a query may run on the loop before it moves to a reader, in milliseconds.
  package var inlineMilliseconds = 10
  /// Connections for slow queries.
  package var readers = 2
  /// Most queries waiting for a reader; 503 above.
  package var maxWaitingQuestions = 256
  /// Limits of a query and of the records it embeds.
  package var query = QueryLimits()
  /// Deepest nesting of a JSON body.
  package var maxJSONDepth = 64
  /// Largest import after decompression, in bytes; 413 above.
  package var maxImportBytes = 8_589_934_592
  /// Longest row of an import, in bytes.
  package var maxRowBytes = 1_048_576
  /// An import ends when more rows than this have been refused.
  package var maxImportErrors = 100_000
  /// Most refused rows listed in an import's record.
  package var maxShownErrors = 100
  /// Longest time for which an import in turns holds the writer while nobody waits, in milliseconds.
  package var importTurnMilliseconds = 2_000
  /// From this size on, the first import of events builds their indexes at its end, in bytes.
  package var importBulkBytes = 33_554_432
  /// Most imports running at the same time.
  package var maxRunningImports = 2
  /// Most imports waiting for their turn.
  package var maxWaitingImports = 16
  /// Highest compression ratio of a gzip or zip import.
  package var maxImportRatio = 200
  /// The folder of incoming imports: that of the database.
  package var spoolFolder = "."
  /// Most rows of an analytic in one answer.
  package var maxFigures = 20_000
  /// Most nodes of a network.
  package var maxNodes = 200
  /// Size of the response cache, in bytes before any coding; 0 turns it off.
  package var answerCacheBytes = 67_108_864
  /// Host names accepted besides the loopback ones; empty means loopback only.
  package var hosts: [String] = []
  /// Settings of the full-text search.
  package var search = SearchConfiguration()
  /// The viewer of the OpenAPI document; `nil` for a plain page.
  package var docsViewer: DocsViewer?

  /// The defaults of the program.
  package init() {}
}
