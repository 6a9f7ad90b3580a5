internal import CSQLite
internal import Formats
internal import SQL

/// One prepared statement, cached by its connection.
@safe
final class Statement {
  private let handle: OpaquePointer
  private let database: OpaquePointer
  /// Room for one row's cells, filled at each step.
  private let cells: UnsafeMutableBufferPointer<Cell>
  /// Lifetime of the bytes of one row's cells.
  private let lifetime = ByteLifetime()

  /// Number of the highest placeholder in the text.
  private let placeholderCount: Int
  /// Number of values a run takes: `placeholderCount`, or more where a row is bound whole.
  private let valueCount: Int

  /// - Throws: `SQLError` `.misuse` for a template that contradicts itself.
  convenience init(_ template: SQLTemplate, on database: OpaquePointer) throws {
    if let fault = template.fault { throw SQLError(.misuse, "\(fault): \(template.text)") }
    try unsafe self.init(template.text, valueCount: template.valueCount, on: database)
  }

  /// A statement that takes one value per placeholder.
  convenience init(_ sql: String, on database: OpaquePointer) throws {
    try unsafe self.init(sql, valueCount: nil, on: database)
  }

  private init(_ sql: String, valueCount: Int?, on database: OpaquePointer) throws {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else {
      throw unsafe SQLError(code: code, database: database, sql: sql)
    }
    unsafe self.handle = prepared
    unsafe self.database = database
    placeholderCount = unsafe Int(sqlite3_bind_parameter_count(prepared))
    self.valueCount = valueCount ?? placeholderCount
    unsafe cells = .allocate(capacity: Int(sqlite3_column_count(prepared)))
    unsafe cells.initialize(repeating: .null)
  }

  deinit {
    lifetime.end()
    unsafe cells.deinitialize()
    unsafe cells.deallocate()
    unsafe sqlite3_finalize(handle)
  }

  /// Binds, steps to the end or until `row` returns `false`, and always resets.
  ///
  /// - Throws: `SQLError` of kind `.misuse` when there are more or fewer values than the statement takes.
  func run(_ values: Values, _ row: (Row) throws -> Bool) throws -> Int {
    try bind(values)
    defer {
      lifetime.end()
      unsafe sqlite3_reset(handle)
    }
    var rows = 0
    while true {
      lifetime.end()
      switch unsafe sqlite3_step(handle) {
      case SQLITE_DONE: return rows
      case SQLITE_ROW:
        rows += 1
        fill()
        guard try unsafe row(Row(UnsafeBufferPointer(cells))) else { return rows }
      case let code:
        throw unsafe SQLError(code: code, database: database, sql: text)
      }
    }
  }

  /// The SQL, for an error's detail.
  private var text: String { unsafe String(cString: sqlite3_sql(handle)) }

  /// Text is bound without a copy: `values` outlives the run.
  private func bind(_ values: Values) throws {
    guard values.count == valueCount else {
      throw SQLError(.misuse, "\(values.count) values were given, \(valueCount) expected: \(text)")
    }
    // A row bound whole may end with values that the statement does not name.
    for index in 0..<min(values.count, placeholderCount) {
      let code = bind(values[index], at: Int32(truncatingIfNeeded: index + 1))
      guard code == SQLITE_OK else { throw unsafe SQLError(code: code, database: database, sql: text) }
    }
  }

  private func bind(_ cell: Cell, at position: Int32) -> Int32 {
    switch cell.kind {
    case .null: unsafe sqlite3_bind_null(handle, position)
    case .integer: unsafe sqlite3_bind_int64(handle, position, cell.integer)
    case .real: unsafe sqlite3_bind_double(handle, position, cell.real)
    case .text: unsafe bind(cell.utf8.unsafeBytes, at: position)
    }
  }

  private func bind(_ bytes: UnsafeRawBufferPointer, at position: Int32) -> Int32 {
    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    return unsafe sqlite3_bind_text(handle, position, start, Int32(clamping: bytes.count), nil)
  }

  private func fill() {
    guard let first = unsafe sqlite3_column_value(handle, 0) else { return }
    let stride = stride ?? measuredStride()
    for column in unsafe 0..<cells.count {
      let value = unsafe stride > 0 ? OpaquePointer(UnsafeRawPointer(first) + column * stride) : self.value(column)
      switch unsafe sqlite3_value_type(value) {
      case SQLITE_INTEGER: unsafe cells[column] = Cell(integer: sqlite3_value_int64(value))
      case SQLITE_FLOAT: unsafe cells[column] = Cell(real: sqlite3_value_double(value))
      case SQLITE_TEXT, SQLITE_BLOB:
        // Text before size: the size alone could be that of another encoding.
        let text = unsafe sqlite3_value_text(value)
        unsafe cells[column] = Cell(text: text, count: sqlite3_value_bytes(value), lifetime.moment)
      default: unsafe cells[column] = .null
      }
    }
  }

  private func value(_ column: Int) -> OpaquePointer? {
    unsafe sqlite3_column_value(handle, Int32(truncatingIfNeeded: column))
  }

  /// Distance in bytes between the values of a row; 0 if it varies, `nil` before the first row.
  ///
  /// SQLite keeps the values of a row in one array: stepping through it instead of making a checked call per column saves 6 % on a
  /// page of 50 rows. The C interface does not promise the array, so each statement measures its first row.
  private var stride: Int?

  private func measuredStride() -> Int {
    let places = unsafe (0..<cells.count).map { unsafe Int(bitPattern: value($0)) }
    let distance = places.count > 1 ? places[1] - places[0] : 0
    let isArray = distance > 0 && places.indices.allSatisfy { places[$0] == places[0] + $0 * distance }
    stride = isArray ? distance : 0
    return isArray ? distance : 0
  }
}

extension SQLError {
  init(code: Int32, database: OpaquePointer?, sql: String) {
    let message = unsafe String(cString: sqlite3_errmsg(database))
    let extended = unsafe sqlite3_extended_errcode(database)
    self.init(Self.kind(of: code & 0xff, extended: extended), "\(message) (\(extended)): \(sql.prefix(400))")
  }

  private static func kind(of code: Int32, extended: Int32) -> Kind {
    switch code {
    case SQLITE_CONSTRAINT: constraint(extended)
    case SQLITE_INTERRUPT: .interrupted
    case SQLITE_FULL: .full
    // A write to a full disk can surface as an I/O error of the write-ahead log (SQLITE_IOERR_WRITE).
    case SQLITE_IOERR: extended == SQLITE_IOERR | (3 << 8) ? .full : .unavailable
    case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CANTOPEN, SQLITE_READONLY: .unavailable
    default: .other
    }
  }

  private static func constraint(_ extended: Int32) -> Kind {
    switch extended >> 8 {
    case 8, 6, 10: .unique  // UNIQUE, PRIMARYKEY, ROWID
    case 3: .foreignKey
    default: .constraint
    }
  }
}
