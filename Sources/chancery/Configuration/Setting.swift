import HTTPServer
import Records
import SQLite
import Service
import Store

/// One setting: declared once, read from flags, environment and file alike.
struct Setting: Sendable {
  /// `http.idle_timeout`; the environment variable and the flag derive from it.
  let key: String
  /// A shorter flag for frequent use.
  let flag: String
  let doc: String
  /// The accepted form in words, for error messages.
  let form: String
  /// The value in words, for `config show`.
  let show: @Sendable (Configuration) -> String
  /// `false` for text that does not have the form.
  let apply: @Sendable (String, inout Configuration) -> Bool

  var environment: String { "CHANCERY_" + key.replacing(".", with: "_").uppercased() }

  init(
    _ key: String, flag: String? = nil, _ doc: String, form: String, show: @escaping @Sendable (Configuration) -> String,
    apply: @escaping @Sendable (String, inout Configuration) -> Bool
  ) {
    self.key = key
    self.flag = flag ?? key.replacing(".", with: "-").replacing("_", with: "-")
    self.doc = doc
    self.form = form
    self.show = show
    self.apply = apply
  }

  static let all: [Setting] =
    http + query + database + imports + search + analytics + [
      .boolean("log.access", \.server.accessLog, "Writes one JSON line per answer to standard error."),
      Setting(
        "docs.viewer_path", "Folder of Swagger UI 5 for /docs; without it, /docs is a plain page.", form: "a path",
        show: { $0.docsViewerPath },
        apply: { text, configuration in
          configuration.docsViewerPath = text
          return true
        }),
      .boolean("demo", \.loadsDemo, "Loads the demo records into an empty register at the start."),
    ]

  private static let http: [Setting] = [
    Setting(
      "http.listen", flag: "listen", "Address and port. Only loopback addresses are accepted, since there are no API keys yet.",
      form: "an address and a port, such as 127.0.0.1:8080", show: { $0.authority }, apply: setListen),
    Setting(
      "http.loops", flag: "loops", "Event loops, one thread each; 0 means one per core.", form: "a number from 0 to 256",
      show: { String($0.server.loops) },
      apply: { text, configuration in
        guard let count = Int(text), (0...256).contains(count) else { return false }
        configuration.server.loops = count
        return true
      }),
    Setting(
      "http.hosts", "Host names to which the register answers, besides the loopback names.", form: "names separated by commas",
      show: { $0.register.hosts.joined(separator: ",") },
      apply: { text, configuration in
        configuration.register.hosts = text.split(separator: ",").map(String.init)
        return true
      }),
    .boolean("http.require_if_match", \.register.requireIfMatch, "Refuses updates without If-Match (428)."),
    .milliseconds("http.query_timeout", \.register.queryTimeoutMilliseconds, "Time limit of a query, waiting included; 503 above."),
    .milliseconds(
      "http.inline_time", \.register.inlineMilliseconds, "How long a query may run on its loop before it moves to the readers."),
    .integer("http.readers", \.register.readers, 1...64, "Connections for long queries; streams have one more."),
    .integer(
      "http.max_waiting_questions", \.register.maxWaitingQuestions, 0...100_000, "Queries that may wait for such a connection; 503 above."),
    .integer("http.max_header_bytes", \.server.maxHeaderBytes, 1_024...1_048_576, "Size of a request's header; 431 above."),
    .integer("http.max_target_bytes", \.server.maxTargetBytes, 256...1_048_576, "Size of the request target; 414 above."),
    .integer("http.max_headers", \.server.maxHeaders, 8...10_000, "Number of header fields; 431 above."),
    .integer("http.max_body_bytes", \.register.maxBodyBytes, 1_024...268_435_456, "Size of the body of a single record; 413 above."),
    .integer("http.max_json_depth", \.register.maxJSONDepth, 4...1_000, "Nesting depth of a JSON body; 400 above."),
    .seconds("http.header_timeout", \.server.headerTimeoutSeconds, "Time from the first byte of a header to its last; 408 above."),
    .seconds("http.body_timeout", \.server.bodyTimeoutSeconds, "Time without another byte of a body; 408 above."),
    .seconds(
      "http.write_timeout", \.server.writeTimeoutSeconds, "Time in which the client accepts no further byte; then the connection is closed."
    ),
    .seconds("http.idle_timeout", \.server.idleTimeoutSeconds, "Time between two requests on a connection."),
    .seconds("http.drain_time", \.server.drainSeconds, "Time after SIGTERM to finish the requests in flight."),
    .integer("http.max_connections", \.server.maxConnections, 1...1_000_000, "Open connections; 503 above."),
    .integer("http.gzip_minimum_bytes", \.server.gzipMinimumBytes, 0...1_073_741_824, "Answers of this size and above are compressed."),
    .integer("http.gzip_level", \.server.gzipLevel, 1...9, "1 (fast) to 9 (small)."),
  ]

  private static let query: [Setting] = [
    .integer("query.max_filter_depth", \.register.query.filterDepth, 1...100, "Nesting depth of parentheses and NOT in filter; 400 above."),
    .integer("query.max_conditions", \.register.query.conditions, 1...500, "Conditions in one query; 400 above."),
    .integer("query.max_values", \.register.query.values, 1...30_000, "Values in all conditions of one query; 400 above."),
    .integer("query.max_filter_bytes", \.register.query.filterBytes, 16...1_048_576, "Size of filter; 400 above."),
    .integer("query.max_included", \.register.query.included, 1...10_000, "Records of each relation that include embeds in one record."),
    .integer(
      "query.max_included_in_all", \.register.query.includedInAll, 1...1_000_000,
      "Records of each relation that include embeds in one answer."),
    .integer(
      "query.flattened_records", \.register.query.flattened, 1...64, "Nested records that get columns of their own in CSV with flatten."),
  ]

  private static let database: [Setting] = [
    Setting(
      "database.path", flag: "database", "The database file; created and migrated if it does not exist.", form: "a path",
      show: { $0.database.path },
      apply: { text, configuration in
        configuration.database.path = text
        return !text.isEmpty
      }),
    Setting(
      "database.synchronous", flag: "synchronous",
      "full: an acknowledged write survives a power failure; normal: it survives a crash of the program only.",
      form: "full or normal", show: { $0.database.synchronous.rawValue },
      apply: { text, configuration in
        guard let word = SQLiteDatabase.Configuration.Synchronous(rawValue: text.lowercased()) else { return false }
        configuration.database.synchronous = word
        return true
      }),
    .integer("database.writer_cache_kib", \.database.writerCacheKiB, 64...16_777_216, "Page cache of the writer."),
    .integer("database.reader_cache_kib", \.database.readerCacheKiB, 64...16_777_216, "Page cache of each reader."),
    .integer("database.map_mib", \.database.mapMiB, 0...1_048_576, "Part of the file that each reader may map into memory."),
    .integer(
      "database.checkpoint_kib", \.database.checkpointKiB, 64...16_777_216,
      "Growth of the write-ahead log that triggers a checkpoint."),
    .integer("database.log_kib", \.database.logKiB, 64...16_777_216, "Above twice this size, the write-ahead log is emptied."),
    .integer(
      "database.max_log_kib", \.database.maxLogKiB, 1_024...1_073_741_824,
      "Above this size of the write-ahead log, the longest-running query is stopped (503)."),
    .integer("database.max_waiting_writes", \.database.maxWaitingWrites, 1...1_000_000, "Writes that may wait; 503 above."),
    .milliseconds("database.write_wait", \.database.writeWaitMilliseconds, "How long a write may wait for its turn; 503 above."),
    .integer("database.node", \.database.node, 0...1_023, "This server's node number in ids."),
  ]

  private static let imports: [Setting] = [
    .integer("import.max_bytes", \.register.maxImportBytes, 1_024...1_099_511_627_776, "Size of an import, uncompressed; 413 above."),
    .integer("import.max_row_bytes", \.register.maxRowBytes, 256...268_435_456, "Size of one row of an import."),
    .integer("import.max_errors", \.register.maxImportErrors, 0...1_000_000, "An import stops after more refused rows than this."),
    .integer("import.shown_errors", \.register.maxShownErrors, 1...1_000, "Refused rows listed in an import's record; /errors has all."),
    .integer(
      "import.turn", \.register.importTurnMilliseconds, 1...60_000,
      "How long one turn of an import may hold the writer while nobody else waits, in milliseconds."),
    .integer(
      "import.bulk_bytes", \.register.importBulkBytes, 0...Int.max,
      "A first import of events of this size or above builds their indexes at its end."),
    .integer("import.running", \.register.maxRunningImports, 1...64, "Imports that may run at the same time."),
    .integer("import.waiting", \.register.maxWaitingImports, 0...1_000, "Imports that may wait for a place; 503 above."),
    .integer("import.max_ratio", \.register.maxImportRatio, 2...100_000, "Maximum compression ratio of an import (gzip or zip)."),
  ]

  private static let search: [Setting] = [
    .boolean(
      "search.enabled", \.register.search.isEnabled,
      "Full-text search, with an index in a file beside the database, named after it with -search appended."),
    .milliseconds(
      "search.wait", \.register.search.waitMilliseconds, "How long a search waits for the index to catch up; 503 above."),
    .milliseconds(
      "search.gather", \.register.search.gatherMilliseconds,
      "How long the index waits for further writes before it is updated, unless a search waits."),
    .integer("search.batch", \.register.search.batch, 1...1_000_000, "Changes that the index processes at once."),
    .integer("search.cache_kib", \.register.search.cacheKiB, 64...16_777_216, "Page cache of the connection that fills the index."),
    .integer(
      "search.sort_kib", \.register.search.sortKiB, 64...1_048_576, "Memory for sorting words before they are written to the index."),
    .integer("search.max_query_bytes", \.register.search.limits.maxQueryBytes, 1...65_536, "Size of the search text; 400 above."),
    .integer("search.max_terms", \.register.search.limits.maxTerms, 1...1_000, "Words in the search text; 400 above."),
    .integer(
      "search.min_prefix_bytes", \.register.search.limits.minPrefixBytes, 1...64, "Minimum bytes before the * of a prefix; 400 below."),
  ]

  private static let analytics: [Setting] = [
    .integer("analytics.max_rows", \.register.maxFigures, 1...1_000_000, "Rows of figures in one answer."),
    .integer("analytics.max_nodes", \.register.maxNodes, 2...10_000, "Nodes in a network."),
    .integer(
      "analytics.cache_bytes", \.register.answerCacheBytes, 0...68_719_476_736,
      "Memory for answers (figures, and lists requested twice) cached until the register changes; 0 caches none."
    ),
  ]

  @Sendable private static func setListen(_ text: String, _ configuration: inout Configuration) -> Bool {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
      return false
    }
    var address = String(text[..<colon])
    if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
    guard !address.isEmpty else { return false }
    configuration.server.address = address
    configuration.server.port = port
    return true
  }
}

// MARK: Kinds of settings

extension Setting {
  typealias Path<Value> = any WritableKeyPath<Configuration, Value> & Sendable

  static func integer(_ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ doc: String) -> Setting {
    Setting(key, doc, form: "a number from \(range.lowerBound) to \(range.upperBound)", show: { String($0[keyPath: path]) }) {
      text, configuration in
      guard let number = Int(text.replacing("_", with: "")), range.contains(number) else { return false }
      configuration[keyPath: path] = number
      return true
    }
  }

  static func boolean(_ key: String, _ path: Path<Bool>, _ doc: String) -> Setting {
    Setting(key, doc, form: "true or false", show: { String($0[keyPath: path]) }) { text, configuration in
      guard let value = Bool(text.lowercased()) else { return false }
      configuration[keyPath: path] = value
      return true
    }
  }

  static func seconds(_ key: String, _ path: Path<Double>, _ doc: String) -> Setting {
    Setting(key, doc, form: "a time such as 500ms, 10s or 5m", show: { words(milliseconds: Int($0[keyPath: path] * 1_000)) }) {
      text, configuration in
      guard let milliseconds = milliseconds(of: text) else { return false }
      configuration[keyPath: path] = Double(milliseconds) / 1_000
      return true
    }
  }

  static func milliseconds(_ key: String, _ path: Path<Int>, _ doc: String) -> Setting {
    Setting(key, doc, form: "a time such as 500ms, 10s or 5m", show: { words(milliseconds: $0[keyPath: path]) }) { text, configuration in
      guard let milliseconds = milliseconds(of: text) else { return false }
      configuration[keyPath: path] = milliseconds
      return true
    }
  }

  /// `10s` in milliseconds; 1 ms to 24 h.
  private static func milliseconds(of text: String) -> Int? {
    let units = [("ms", 1.0), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }), let number = Double(text.dropLast(unit.count)) else {
      return nil
    }
    let milliseconds = number * factor
    return milliseconds >= 1 && milliseconds <= 86_400_000 ? Int(milliseconds) : nil
  }

  private static func words(milliseconds: Int) -> String {
    milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
