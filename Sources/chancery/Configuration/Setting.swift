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
      .boolean("log.access", \.server.accessLog, "One JSON line for each answer on standard error."),
      Setting(
        "docs.viewer_path", "Folder with Swagger UI 5, which then shows /docs; a plain page without.", form: "a path",
        show: { $0.docsViewerPath },
        apply: { text, configuration in
          configuration.docsViewerPath = text
          return true
        }),
      .boolean("demo", \.loadsDemo, "An empty register gets the demo records at the start."),
    ]

  private static let http: [Setting] = [
    Setting(
      "http.listen", flag: "listen", "Address and port; anything but loopback is refused while there are no keys.",
      form: "an address and a port, as 127.0.0.1:8080", show: { $0.authority }, apply: setListen),
    Setting(
      "http.loops", flag: "loops", "Event loops, one thread each; 0 is one per core.", form: "a number from 0 to 256",
      show: { String($0.server.loops) },
      apply: { text, configuration in
        guard let count = Int(text), (0...256).contains(count) else { return false }
        configuration.server.loops = count
        return true
      }),
    Setting(
      "http.hosts", "Names under which the register may be asked, beside the loopback ones.", form: "names separated by commas",
      show: { $0.register.hosts.joined(separator: ",") },
      apply: { text, configuration in
        configuration.register.hosts = text.split(separator: ",").map(String.init)
        return true
      }),
    .boolean("http.require_if_match", \.register.requireIfMatch, "An update without If-Match is refused (428)."),
    .milliseconds("http.query_timeout", \.register.queryTimeoutMilliseconds, "How long a question may wait and run; 503 above."),
    .milliseconds(
      "http.inline_time", \.register.inlineMilliseconds, "How long a question may run on its loop before it moves to the readers."),
    .integer("http.readers", \.register.readers, 1...64, "Connections for questions that take long; streams have one more."),
    .integer("http.max_waiting_questions", \.register.maxWaitingQuestions, 0...100_000, "Questions that may wait for one; 503 above."),
    .integer("http.max_header_bytes", \.server.maxHeaderBytes, 1_024...1_048_576, "The head of a request; 431 above."),
    .integer("http.max_target_bytes", \.server.maxTargetBytes, 256...1_048_576, "The request target; 414 above."),
    .integer("http.max_headers", \.server.maxHeaders, 8...10_000, "Fields of a head; 431 above."),
    .integer("http.max_body_bytes", \.register.maxBodyBytes, 1_024...268_435_456, "The body of a single record; 413 above."),
    .integer("http.max_json_depth", \.register.maxJSONDepth, 4...1_000, "Nesting of a JSON body."),
    .seconds("http.header_timeout", \.server.headerTimeoutSeconds, "From the first byte of a head to its last; 408 above."),
    .seconds("http.body_timeout", \.server.bodyTimeoutSeconds, "Without a further byte of a body; 408 above."),
    .seconds("http.write_timeout", \.server.writeTimeoutSeconds, "Without a further byte taken by the client."),
    .seconds("http.idle_timeout", \.server.idleTimeoutSeconds, "Between two requests of a connection."),
    .seconds("http.drain_time", \.server.drainSeconds, "From SIGTERM to the end of what is in flight."),
    .integer("http.max_connections", \.server.maxConnections, 1...1_000_000, "Open connections; 503 above."),
    .integer("http.gzip_minimum_bytes", \.server.gzipMinimumBytes, 0...1_073_741_824, "Answers from that many bytes on are compressed."),
    .integer("http.gzip_level", \.server.gzipLevel, 1...9, "1 (fast) to 9 (small)."),
  ]

  private static let query: [Setting] = [
    .integer("query.max_filter_depth", \.register.query.filterDepth, 1...100, "Nesting of parentheses and NOT in filter; 400 above."),
    .integer("query.max_conditions", \.register.query.conditions, 1...500, "Conditions of one question; 400 above."),
    .integer("query.max_values", \.register.query.values, 1...30_000, "Values in all conditions of one question; 400 above."),
    .integer("query.max_filter_bytes", \.register.query.filterBytes, 16...1_048_576, "Length of filter; 400 above."),
    .integer("query.max_included", \.register.query.included, 1...10_000, "Records that include embeds in one record, of each relation."),
    .integer(
      "query.max_included_in_all", \.register.query.includedInAll, 1...1_000_000,
      "Records that include embeds in one answer, of each relation."),
    .integer("query.flattened_records", \.register.query.flattened, 1...64, "Nested records that have columns in CSV with flatten."),
  ]

  private static let database: [Setting] = [
    Setting(
      "database.path", flag: "database", "The one file of data; made and migrated when it does not exist.", form: "a path",
      show: { $0.database.path },
      apply: { text, configuration in
        configuration.database.path = text
        return !text.isEmpty
      }),
    Setting(
      "database.synchronous", flag: "synchronous", "full: an acknowledged write survives a power failure; normal: a crash of the program.",
      form: "full or normal", show: { $0.database.synchronous.rawValue },
      apply: { text, configuration in
        guard let word = SQLiteDatabase.Configuration.Synchronous(rawValue: text.lowercased()) else { return false }
        configuration.database.synchronous = word
        return true
      }),
    .integer("database.writer_cache_kib", \.database.writerCacheKiB, 64...16_777_216, "Page cache of the writer."),
    .integer("database.reader_cache_kib", \.database.readerCacheKiB, 64...16_777_216, "Page cache of each reader."),
    .integer("database.map_mib", \.database.mapMiB, 0...1_048_576, "How much of the file each reader may map."),
    .integer(
      "database.checkpoint_kib", \.database.checkpointKiB, 64...16_777_216,
      "Growth of the write-ahead log after which it is moved into the file."),
    .integer("database.log_kib", \.database.logKiB, 64...16_777_216, "Write-ahead log above twice which it is emptied."),
    .integer(
      "database.max_log_kib", \.database.maxLogKiB, 1_024...1_073_741_824,
      "Write-ahead log above which the question that has run longest is ended (503)."),
    .integer("database.max_waiting_writes", \.database.maxWaitingWrites, 1...1_000_000, "Writes that may wait; 503 above."),
    .milliseconds("database.write_wait", \.database.writeWaitMilliseconds, "How long a write waits for its turn; 503 above."),
    .integer("database.node", \.database.node, 0...1_023, "This server's number in ids."),
  ]

  private static let imports: [Setting] = [
    .integer("import.max_bytes", \.register.maxImportBytes, 1_024...1_099_511_627_776, "A whole import, unpacked; 413 above."),
    .integer("import.max_row_bytes", \.register.maxRowBytes, 256...268_435_456, "One row of an import."),
    .integer("import.max_errors", \.register.maxImportErrors, 0...1_000_000, "More refused rows than this end an import."),
    .integer("import.shown_errors", \.register.maxShownErrors, 1...1_000, "Refused rows that an import's record lists; /errors has all."),
    .integer(
      "import.turn", \.register.importTurnMilliseconds, 1...60_000,
      "How long an import in turns may hold the writer while nobody else waits, milliseconds."),
    .integer(
      "import.bulk_bytes", \.register.importBulkBytes, 0...Int.max,
      "From this size on the first import of events leaves their indexes out until its end."),
    .integer("import.running", \.register.maxRunningImports, 1...64, "Imports that go on at the same time."),
    .integer("import.waiting", \.register.maxWaitingImports, 0...1_000, "Imports that may wait for others to end; 503 above."),
    .integer("import.max_ratio", \.register.maxImportRatio, 2...100_000, "How many times larger gzip or zip may make an import."),
  ]

  private static let search: [Setting] = [
    .boolean("search.enabled", \.register.search.isEnabled, "Full-text search: an index beside the database, under its name and -search."),
    .milliseconds(
      "search.wait", \.register.search.waitMilliseconds, "How long a search waits for the index to take in what was written; 503 above."),
    .milliseconds(
      "search.gather", \.register.search.gatherMilliseconds, "How long the index waits for more after a write, unless a search waits."),
    .integer("search.batch", \.register.search.batch, 1...1_000_000, "Changes that the index takes in at once."),
    .integer("search.cache_kib", \.register.search.cacheKiB, 64...16_777_216, "Page cache of who fills the index."),
    .integer("search.sort_kib", \.register.search.sortKiB, 64...1_048_576, "Words that are sorted in memory before the index is written."),
    .integer("search.max_query_bytes", \.register.search.limits.maxQueryBytes, 1...65_536, "The text that is searched for; 400 above."),
    .integer("search.max_terms", \.register.search.limits.maxTerms, 1...1_000, "Words in it; 400 above."),
    .integer("search.min_prefix_bytes", \.register.search.limits.minPrefixBytes, 1...64, "Bytes before the * of a prefix; 400 below."),
  ]

  private static let analytics: [Setting] = [
    .integer("analytics.max_rows", \.register.maxFigures, 1...1_000_000, "Rows of an analytic in one answer."),
    .integer("analytics.max_nodes", \.register.maxNodes, 2...10_000, "Nodes of a network."),
    .integer(
      "analytics.cache_bytes", \.register.answerCacheBytes, 0...68_719_476_736,
      "Answers (of analytics, and of lists asked twice) kept until the register changes; 0 keeps none."
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
