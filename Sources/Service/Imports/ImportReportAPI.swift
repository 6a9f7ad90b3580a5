internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import SQL
internal import Store

/// GET of all errors of an import's rows, and of the refused rows themselves, to be mended and sent again.
struct ImportReportHandler {
  let answering: Answering
  /// Reads over the loop's own connection.
  let records: RecordReader
  let seal: CursorSeal

  private static let errorNames = ["line", "column", "severity", "code", "found", "expected", "detail"]
  private static let page = 500

  private func importID(_ request: Request) throws -> Int64 {
    guard let id = Identifier.parse(request.capture("id"), prefix: Imports.resource.prefix),
      case .record = try records.state(Imports.resource, id)
    else { throw Problem.noRecord(Imports.resource, request.captured("id")) }
    return id
  }

  // MARK: Errors

  func errors(_ suffix: ListFormat?, _ call: Call) throws -> Plan {
    let (request, response) = (call.request, call.response)
    let id = try importID(request)
    let format = try suffix ?? request.preferredFormat()
    response.contentType = format.contentType
    let parameters = try call.parameters()
    guard format == .json else {
      for name in ["limit", "cursor"] where parameters.isGiven(name) {
        parameters.fault(name, "not_in_this_form", "only JSON has pages; other formats are returned in full")
      }
      try parameters.check()
      return streamErrors(id, format)
    }
    let shape = Array("import_errors/\(id)".utf8)
    let (limit, after) = try parameters.numberedPage(seal, shape)
    ListFrame.begin(response.body)
    var (rows, last, hasMore) = (0, Int64(0), false)
    try ImportReportStore(records.connection).errors(of: id, after: after ?? 0, limit: limit + 1) { row in
      guard rows < limit else {
        hasMore = true
        return false
      }
      if rows > 0 { response.body.append(0x2C) }
      Self.append(row, to: response.body)
      (rows, last) = (rows + 1, row[0].integer)
      return true
    }
    let cursor = hasMore ? seal.seal(number: last, shape: shape) : nil
    ListFrame.end(response.body, cursor: cursor)
    response.link(to: cursor, of: request)
    return .respond
  }

  private static func append(_ row: Row, to json: ByteBuffer) {
    for (position, name) in errorNames.enumerated() {
      json.append(position == 0 ? "{\"" : ",\"")
      json.append(name)
      json.append("\":")
      let cell = row[position + 1]
      switch cell.kind {
      case .null: json.append("null")
      case .integer: json.append(integer: cell.integer)
      default: json.append(jsonString: cell.utf8)
      }
    }
    json.append(0x7D)
  }

  private func streamErrors(_ id: Int64, _ format: ListFormat) -> Plan {
    streamRows { store, after, row in
      try store.errors(of: id, after: after, limit: Self.page, row)
    } begin: { buffer in
      if format == .csv { buffer.append(Self.errorNames.joined(separator: ",") + "\r\n") }
    } row: { row, buffer in
      guard format == .csv else {
        Self.append(row, to: buffer)
        return buffer.append(0x0A)
      }
      for position in Self.errorNames.indices {
        if position > 0 { buffer.append(0x2C) }
        let cell = row[position + 1]
        if cell.kind == .integer { buffer.append(integer: cell.integer) } else { buffer.append(csvField: cell.utf8) }
      }
      buffer.append("\r\n")
    }
  }

  /// Streams the rows of one import page by page, at the client's pace.
  private func streamRows(
    _ read: @escaping @Sendable (ImportReportStore, _ after: Int64, _ row: (Row) throws -> Bool) throws -> Void,
    begin: @escaping (ByteBuffer) -> Void, row: @escaping @Sendable (Row, ByteBuffer) -> Void
  ) -> Plan {
    .tryingStream { request, sink in
      let buffer = Handover(ByteBuffer(capacity: 65_536))
      begin(buffer.value)
      var last: Int64 = 0
      while true {
        let after = last
        let next = try await answering.read(index: .unused, isStream: true) { reader in
          var last: Int64?
          try read(ImportReportStore(reader.connection), after) {
            row($0, buffer.value)
            last = $0[0].integer
            // Rows may be long: a page ends when the buffer is full.
            return buffer.value.count < 65_536
          }
          return last
        }
        guard let next, request.method != .head else { break }
        last = next
        try await sink.write(buffer.value)
        buffer.value.clear()
      }
      try await sink.write(buffer.value)
    }
  }

  // MARK: Rejects

  /// The refused rows as they were in the file, each with its reason in a column or member `_rejected`, or, in a table without a header, in
  /// a line before it. Imports ignore both, so the mended file can be sent as it is.
  func rejects(_ call: Call) throws -> Plan {
    try call.checkParameters()
    let response = call.response
    let id = try importID(call.request)
    let store = ImportReportStore(records.connection)
    let (type, profile) = try store.shape(of: id) ?? ("", "")
    let known = Profiles.all.first { $0.name == profile }
    let shape = RejectShape(type, known, header: try store.header(of: id))
    response.contentType = shape.contentType
    return streamRows { store, after, row in
      try store.rejects(of: id, after: after, limit: Self.page, row)
    } begin: {
      shape.begin($0)
    } row: {
      shape.append(reason: $0[2], written: $0[3], to: $1)
    }
  }
}

/// The format in which refused rows are returned.
private struct RejectShape: Sendable {
  private enum Kind { case lines, table, headless }

  private static let mark: StaticString = "\u{FEFF}"
  private static let oldReason = Array("{\"\(RowStream.reasonColumn)\":\"".utf8)

  private let kind: Kind
  private let header: String?
  private let delimiter: UInt8
  private let quotes: Bool
  private let lineEnd: String
  /// A file that was mended before already has the column, after this many delimiters. `nil` if it is not the last column.
  private let cellsBeforeReason: Int?
  let contentType: StaticString

  init(_ type: String, _ profile: ImportProfile?, header: String?) {
    var header = header.map { String($0.trimmingPrefix("\u{FEFF}")) }
    if let last = header?.last, last == "\r" { header?.removeLast() }
    self.header = header
    let isTabbed = type.contains("tab-separated") || type.hasSuffix("/tsv")
    delimiter = profile?.table?.delimiter ?? UInt8(ascii: isTabbed ? "\t" : ",")
    quotes = profile?.table?.quotes ?? true
    kind = header != nil ? .table : profile?.table != nil ? .headless : .lines
    lineEnd = kind == .table && delimiter == UInt8(ascii: ",") ? "\r\n" : "\n"
    let hasReason = header.map { $0.hasSuffix(RowStream.reasonColumn) || $0.hasSuffix("\(RowStream.reasonColumn)\"") } ?? false
    cellsBeforeReason = hasReason ? Self.delimiters(Array((header ?? "").utf8), delimiter, quotes).count : nil
    switch kind {
    case .lines: contentType = "application/x-ndjson"
    default: contentType = delimiter == UInt8(ascii: ",") ? "text/csv; charset=utf-8" : "text/tab-separated-values; charset=utf-8"
    }
  }

  func begin(_ buffer: ByteBuffer) {
    guard let header else { return }
    buffer.append(header)
    if cellsBeforeReason == nil { buffer.append(String(UnicodeScalar(delimiter)) + RowStream.reasonColumn) }
    buffer.append(lineEnd)
  }

  func append(reason: Cell, written: Cell, to buffer: ByteBuffer) {
    var bytes = written.utf8
    // The file's byte order mark came with its first row.
    if bytes.starts(with: Self.mark) { bytes = bytes.dropFirst(Self.mark.utf8CodeUnitCount) }
    while let last = bytes.last, last == 0x0D || last == 0x0A {
      bytes = bytes.dropLast()
    }
    switch kind {
    case .headless:
      buffer.append(RowStream.reasonComment)
      buffer.append(Self.plain(reason.string))
      buffer.append(lineEnd)
      buffer.append(bytes)
    case .table: appendRow(bytes, reason, to: buffer)
    case .lines: appendObject(bytes, reason, to: buffer)
    }
    buffer.append(lineEnd)
  }

  /// For a table without quotes, in which a delimiter or line end would start a cell or row.
  private static func plain(_ reason: String) -> String { reason.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined() }

  private func appendRow(_ bytes: ByteView, _ reason: Cell, to buffer: ByteBuffer) {
    var bytes = bytes
    let places = Self.delimiters(bytes, delimiter, quotes)
    if let last = places.last, places.count == cellsBeforeReason {
      // Drop the previous reason.
      bytes = bytes[..<last]
    }
    buffer.append(bytes)
    buffer.append(delimiter)
    if quotes { buffer.append(csvField: reason.utf8) } else { buffer.append(Self.plain(reason.string)) }
  }

  /// The positions of a row's delimiters, except those in quotes.
  private static func delimiters(_ bytes: some Sequence<UInt8>, _ delimiter: UInt8, _ quotes: Bool) -> [Int] {
    var places: [Int] = []
    var isQuoted = false
    for (place, byte) in bytes.enumerated() {
      if quotes, byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == delimiter, !isQuoted { places.append(place) }
    }
    return places
  }

  private func appendObject(_ bytes: ByteView, _ reason: Cell, to buffer: ByteBuffer) {
    // Only an object has room for a reason.
    guard bytes.isEmpty || bytes.first == UInt8(ascii: "{") else { return buffer.append(bytes) }
    let rest = bytes.isEmpty ? bytes : behindOldReason(bytes)
    buffer.append("{\"\(RowStream.reasonColumn)\":")
    buffer.append(jsonString: reason.utf8)
    let isEmpty = rest.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D } == UInt8(ascii: "}")
    if rest.isEmpty { return buffer.append(UInt8(ascii: "}")) }
    if !isEmpty { buffer.append(UInt8(ascii: ",")) }
    buffer.append(rest)
  }

  /// What follows the brace, or the previous reason, which we wrote first.
  private func behindOldReason(_ bytes: ByteView) -> ByteView {
    let all = bytes.dropFirst()
    guard bytes.starts(with: Self.oldReason) else { return all }
    var place = Self.oldReason.count
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
    place += 1
    guard place < bytes.count else { return all }
    let isFollowed = bytes[place] == UInt8(ascii: ",")
    return bytes[(isFollowed ? place + 1 : place)...]
  }
}
