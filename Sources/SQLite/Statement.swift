internal import CSQLite
internal import SQL

/// One prepared statement, kept by its connection and used again.
@safe
final class Statement {
  private let handle: OpaquePointer
  private let database: OpaquePointer
  /// Room for one row's cells, filled at each step.
  private let cells: UnsafeMutableBufferPointer<Cell>

  init(_ sql: String, on database: OpaquePointer) throws {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else {
      throw unsafe SQLError(code: code, database: database, sql: sql)
    }
    unsafe self.handle = prepared
    unsafe self.database = database
    unsafe cells = .allocate(capacity: Int(sqlite3_column_count(prepared)))
    unsafe cells.initialize(repeating: .null)
  }

  deinit {
    unsafe cells.deallocate()
    unsafe sqlite3_finalize(handle)
  }

  /// Binds, steps to the end or until `row` answers `false`, and resets whatever happens.
  func run(_ values: Values, _ row: (Row) throws -> Bool) throws -> Int {
    defer { unsafe sqlite3_reset(handle) }
    bind(values)
    var rows = 0
    while true {
      switch unsafe sqlite3_step(handle) {
      case SQLITE_DONE: return rows
      case SQLITE_ROW:
        rows += 1
        fill()
        guard try unsafe row(Row(UnsafeBufferPointer(cells))) else { return rows }
      case let code:
        throw unsafe SQLError(code: code, database: database, sql: String(cString: sqlite3_sql(handle)))
      }
    }
  }

  /// Text is bound where it lies (no copy): `values` outlives the run.
  private func bind(_ values: Values) {
    for index in 0..<values.count {
      let cell = values[index]
      let position = Int32(index + 1)
      switch cell.kind {
      case .null: unsafe sqlite3_bind_null(handle, position)
      case .integer: unsafe sqlite3_bind_int64(handle, position, cell.integer)
      case .real: unsafe sqlite3_bind_double(handle, position, cell.real)
      case .text:
        let bytes = unsafe cell.bytes
        unsafe sqlite3_bind_text(
          handle, position, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count), nil)
      }
    }
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
        // The text first: asking for its size before could measure another encoding.
        let text = unsafe sqlite3_value_text(value)
        unsafe cells[column] = Cell(text: text, count: sqlite3_value_bytes(value))
      default: unsafe cells[column] = .null
      }
    }
  }

  private func value(_ column: Int) -> OpaquePointer? {
    unsafe sqlite3_column_value(handle, Int32(truncatingIfNeeded: column))
  }

  /// How many bytes the values of a row lie apart; 0 where that differs, `nil` before the first row.
  ///
  /// SQLite keeps the values of a row in one array, and to step through it instead of a checked call for each column takes 6 % off a
  /// page of 50 rows. Its interface does not promise the array, so each statement looks at its first row.
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
    // A write that fails for want of room can come back as an I/O error of the write-ahead log.
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
