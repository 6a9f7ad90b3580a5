package import Records
package import Store

/// What can be set about the register's answers; the program maps configuration keys on it.
package struct RegisterConfiguration: Sendable {
  /// An update without `If-Match` is refused with 428.
  package var requireIfMatch = false
  /// Largest body of a single record, bytes.
  package var maxBodyBytes = 1_048_576
  /// How long a question may wait and run, milliseconds; 503 above.
  package var queryTimeoutMilliseconds = 10_000
  /// How long a question may run on the loop before it moves to the readers, milliseconds.
  package var inlineMilliseconds = 10
  /// Connections for questions that take long.
  package var readers = 2
  /// Questions that may wait for a reader; 503 above.
  package var maxWaitingQuestions = 256
  /// How large a question may be, and how much its answer embeds.
  package var query = QueryLimits()
  /// Deepest nesting of a JSON body.
  package var maxJSONDepth = 64
  /// Largest import, bytes after decompression.
  package var maxImportBytes = 8_589_934_592
  /// Longest row of an import, bytes.
  package var maxRowBytes = 1_048_576
  /// More refused rows than this end an import.
  package var maxImportErrors = 100_000
  /// Most refused rows that an import's record lists.
  package var maxShownErrors = 100
  /// How long an import in turns may hold the writer while nobody else waits, milliseconds.
  package var importTurnMilliseconds = 2_000
  /// From this size on the first import of events leaves their indexes out until its end, bytes.
  package var importBulkBytes = 33_554_432
  /// Imports that go on at the same time.
  package var maxRunningImports = 2
  /// Imports that may wait for others to end.
  package var maxWaitingImports = 16
  /// Most that gzip or zip may have shrunk an import, times.
  package var maxImportRatio = 200
  /// Where imports are kept while they are taken in; the database's folder.
  package var spoolFolder = "."
  /// Most rows of an analytic in one answer.
  package var maxFigures = 20_000
  /// Most nodes of a network.
  package var maxNodes = 200
  /// Answers of analytics that are kept until the register changes, bytes.
  package var answerCacheBytes = 67_108_864
  /// Host names under which the register may be asked, beside the loopback ones; empty means loopback only.
  package var hosts: [String] = []
  package var search = SearchConfiguration()
  /// What shows the OpenAPI document; `nil` for a plain page.
  package var docsViewer: DocsViewer?

  package init() {}
}
