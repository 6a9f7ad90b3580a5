/// Reads CSV (RFC 4180) from a stream in pieces of any size. Rows end with LF or CRLF; quoted fields may hold separators, line ends and
/// doubled quotes. A byte order mark at the start and empty lines are skipped.
///
/// A malformed row is emitted with its fault (`bare_quote`, `bare_cr`, `unterminated_quote`, `field_too_long`, `row_too_long`,
/// `too_many_columns`); reading continues after the next line end. Only a row that crosses two pieces of the stream is copied.
package struct CSVReader: Sendable {
  /// The dialect of the stream, and limits on what is buffered.
  package struct Options: Sendable {
    /// The byte between fields: a comma, a semicolon, a tab.
    package let delimiter: UInt8
    /// Whether `"` quotes fields; if not, `"` and a CR inside a row are ordinary bytes (the TSV of GDELT).
    package let quotes: Bool
    /// The longest field in bytes as written, quotes included.
    package let maxFieldBytes: Int
    /// The longest row in bytes as written, without the line end.
    package let maxRowBytes: Int
    /// The most fields of a row; more are `too_many_columns`.
    package let maxColumns: Int
    /// Offsets in a row are kept in 32 bits, so limits above 1 GiB are lowered to it.
    private static let mostBytes = 1 << 30

    /// The defaults are those of RFC 4180 with 1 MiB a field, 4 MiB a row.
    ///
    /// - Parameters:
    ///   - delimiter: one ASCII byte.
    ///   - maxFieldBytes: at most 1 GiB; a longer field is `field_too_long`.
    ///   - maxRowBytes: at most 1 GiB; a longer row is `row_too_long`.
    package init(
      delimiter: UInt8 = UInt8(ascii: ","), quotes: Bool = true, maxFieldBytes: Int = 1 << 20, maxRowBytes: Int = 1 << 22,
      maxColumns: Int = 1_024
    ) {
      self.delimiter = delimiter
      self.quotes = quotes
      self.maxFieldBytes = min(max(maxFieldBytes, 0), Self.mostBytes)
      self.maxRowBytes = min(max(maxRowBytes, 0), Self.mostBytes)
      self.maxColumns = maxColumns
    }
  }

  private enum State { case fieldStart, plain, quoted, quoteInQuoted, cr, skipping }

  private let options: Options
  private let plainStops: ByteSet
  private static let quotedStops = ByteSet(UInt8(ascii: "\""), UInt8(ascii: "\n"))
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private var state = State.fieldStart
  /// Bytes of a byte order mark seen so far; 3 once it is decided.
  private var marked = 0
  private var line = 1
  private var rowLine = 1
  /// The row's start, relative to this piece of the stream; negative if the row began in an earlier piece.
  private var rowStart = 0
  /// Bytes of the stream before this piece.
  private var consumed = 0
  /// The row's bytes from earlier pieces.
  private var carry: [UInt8] = []
  private var fields: [CSVRow.Field] = []
  private var unescaped: [UInt8] = []
  /// Relative to the row's start, like `fieldEnd`, which is set at a closing quote or a CR.
  private var fieldStart = 0
  private var fieldEnd = 0
  private var isQuoted = false
  private var hasDoubledQuotes = false
  private let lifetime = ByteLifetime()

  /// Starts before the first byte of a stream.
  package init(_ options: Options = Options()) {
    self.options = options
    let quote = options.quotes ? UInt8(ascii: "\"") : nil
    plainStops = ByteSet(options.delimiter, UInt8(ascii: "\n"), UInt8(ascii: "\r"), quote)
  }

  /// Reads the next bytes of the stream and emits each completed row, which is valid during the call of `emit`.
  package mutating func feed<Failure: Error>(_ bytes: ByteView, _ emit: (CSVRow) throws(Failure) -> Void) throws(Failure) {
    let bytes = unsafe bytes.unsafeBytes
    var place = unsafe skipMark(bytes)
    rowStart = place &- carry.count
    while place < bytes.count {
      switch state {
      case .fieldStart: unsafe startField(bytes, &place)
      case .plain: try unsafe readPlain(bytes, &place, emit)
      case .quoted: try unsafe readQuoted(bytes, &place, emit)
      case .quoteInQuoted: try unsafe readBehindQuote(bytes, &place, emit)
      case .cr: try unsafe readBehindCR(bytes, &place, emit)
      case .skipping: unsafe skip(bytes, &place)
      }
    }
    try unsafe keep(bytes, emit)
    consumed &+= bytes.count
  }

  /// Ends the stream and emits the last row if it had no line end.
  package mutating func finish<Failure: Error>(_ emit: (CSVRow) throws(Failure) -> Void) throws(Failure) {
    if marked < 3 { giveUpMark(earlier: marked) }
    rowStart = -carry.count
    let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    switch state {
    case .skipping: return
    case .quoted: return try fail("unterminated_quote", "a quoted cell is not closed", end: carry.count, emit)
    case .quoteInQuoted, .cr: break
    case .fieldStart where carry.isEmpty && fields.isEmpty: return
    case .fieldStart:
      isQuoted = false
      fieldStart = carry.count
      fieldEnd = carry.count
    case .plain: fieldEnd = carry.count
    }
    try unsafe endRow(nothing, at: 0, emit)
  }

  private mutating func skipMark(_ bytes: UnsafeRawBufferPointer) -> Int {
    var place = 0
    while marked < 3, place < bytes.count {
      guard unsafe bytes[place] == Self.mark[marked] else {
        // An incomplete mark is text; its bytes from earlier pieces are restored.
        giveUpMark(earlier: marked - place)
        return 0
      }
      marked += 1
      place += 1
    }
    return place
  }

  private mutating func giveUpMark(earlier: Int) {
    if earlier > 0 {
      carry = Array(Self.mark[..<earlier])
      state = .plain
    }
    marked = 3
  }

  private mutating func startField(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
    fieldStart = place &- rowStart
    hasDoubledQuotes = false
    isQuoted = unsafe options.quotes && bytes[place] == UInt8(ascii: "\"")
    state = isQuoted ? .quoted : .plain
    if isQuoted { place &+= 1 }
  }

  private mutating func readPlain<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    unsafe passPlainFields(bytes, &place)
    guard state == .plain, place < bytes.count else { return }
    let byte = unsafe bytes[place]
    if byte == options.delimiter {
      try endField(at: &place, emit)
    } else if byte == UInt8(ascii: "\n") {
      try unsafe endRow(bytes, at: place, emit)
      place &+= 1
    } else if byte == UInt8(ascii: "\r") {
      state = .cr
      place &+= 1
    } else {
      try fail("bare_quote", "a quote inside an unquoted cell", end: place &- rowStart, emit)
    }
  }

  /// Reads to the end of a plain field, and on through all plain fields ended by a delimiter: most of a wide row, without a state change
  /// for each field.
  private mutating func passPlainFields(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
    while true {
      place = unsafe plainStops.firstIndex(in: bytes, from: place)
      guard place < bytes.count else { return }
      fieldEnd = place &- rowStart
      guard unsafe bytes[place] == options.delimiter, !isOver(fieldEnd), fields.count < options.maxColumns else { return }
      fields.append(CSVRow.Field(fieldStart..<fieldEnd, isQuoted: false, isUnescaped: false))
      place &+= 1
      guard place < bytes.count, unsafe bytes[place] != UInt8(ascii: "\"") else {
        state = .fieldStart
        return
      }
      fieldStart = place &- rowStart
    }
  }

  private mutating func readQuoted<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    place = unsafe Self.quotedStops.firstIndex(in: bytes, from: place)
    guard place < bytes.count else { return }
    if unsafe bytes[place] == UInt8(ascii: "\"") {
      fieldEnd = place &- rowStart
      state = .quoteInQuoted
      place &+= 1
    } else if let (code, detail) = excess(place &- rowStart) {
      // Checked here, so that reading continues after the same line end however the stream is cut.
      try refuse(code, detail, emit)
    } else {
      line += 1
      place &+= 1
    }
  }

  private mutating func readBehindQuote<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    let byte = unsafe bytes[place]
    if byte == UInt8(ascii: "\"") {
      hasDoubledQuotes = true
      state = .quoted
      place &+= 1
    } else if byte == options.delimiter {
      try endField(at: &place, emit)
    } else if byte == UInt8(ascii: "\n") {
      try unsafe endRow(bytes, at: place, emit)
      place &+= 1
    } else if byte == UInt8(ascii: "\r") {
      state = .cr
      place &+= 1
    } else {
      try fail("bare_quote", "a closing quote must be followed by the separator or the line end", end: place &- rowStart, emit)
    }
  }

  private mutating func readBehindCR<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    if unsafe bytes[place] == UInt8(ascii: "\n") {
      try unsafe endRow(bytes, at: place, emit)
      place &+= 1
    } else if options.quotes {
      try fail("bare_cr", "a CR without LF outside quotes", end: writtenEnd, emit)
    } else {
      state = .plain
    }
  }

  private mutating func skip(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
    while place < bytes.count, unsafe bytes[place] != UInt8(ascii: "\n") { place &+= 1 }
    guard place < bytes.count else { return }
    place &+= 1
    startRow(at: place)
  }

  private mutating func startRow(at place: Int) {
    state = .fieldStart
    line += 1
    rowLine = line
    rowStart = place
    fields.removeAll(keepingCapacity: true)
    carry.removeAll(keepingCapacity: carry.capacity <= 1 << 20)
  }

  private mutating func endField<Failure: Error>(
    at place: inout Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    // A fault does not advance: this byte may be the line end at which reading continues.
    guard try addField(at: place, emit) else { return }
    state = .fieldStart
    place &+= 1
  }

  /// Records the field that ends here; false if it was refused.
  private mutating func addField<Failure: Error>(at place: Int, _ emit: (CSVRow) throws(Failure) -> Void) throws(Failure) -> Bool {
    if isOver(writtenEnd), let (code, detail) = excess(writtenEnd) {
      try refuse(code, detail, emit)
      return false
    }
    guard fields.count < options.maxColumns else {
      try refuse("too_many_columns", "a row has at most \(options.maxColumns) fields", emit)
      return false
    }
    let start = isQuoted ? fieldStart &+ 1 : fieldStart
    fields.append(CSVRow.Field(start..<fieldEnd, isQuoted: isQuoted, isUnescaped: isQuoted && hasDoubledQuotes))
    return true
  }

  /// The end of the field with its closing quote, from the row's start.
  private var writtenEnd: Int { isQuoted ? fieldEnd &+ 1 : fieldEnd }

  /// Whether a row read up to `end` (from its start) exceeds a limit; called for each field.
  @inline(__always)
  private func isOver(_ end: Int) -> Bool { end > min(fieldStart &+ options.maxFieldBytes, options.maxRowBytes) }

  /// The limit that a row read up to `end` (from its start) exceeds; `nil` for none.
  private func excess(_ end: Int) -> (code: String, detail: String)? {
    let fieldLimit = fieldStart &+ options.maxFieldBytes
    // The limit that is reached first counts, so the result does not depend on how the stream is cut.
    if fieldLimit <= options.maxRowBytes {
      return end > fieldLimit ? ("field_too_long", "a field has at most \(options.maxFieldBytes) bytes") : nil
    }
    return end > options.maxRowBytes ? ("row_too_long", "a row has at most \(options.maxRowBytes) bytes") : nil
  }

  /// - Parameter place: the offset of the LF, or 0 at the stream's end, when all bytes are in `carry`.
  private mutating func endRow<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, at place: Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    let isBlank = fields.isEmpty && !isQuoted && fieldEnd == 0
    guard !isBlank else { return startRow(at: place &+ 1) }
    guard try addField(at: place, emit) else { return startRow(at: place &+ 1) }
    if rowStart < 0 {
      unsafe carry.append(contentsOf: bytes[..<place])
      try giveCarried(emit)
    } else {
      try unsafe give(UnsafeRawBufferPointer(rebasing: bytes[rowStart..<place]), emit)
    }
    startRow(at: place &+ 1)
  }

  private mutating func giveCarried<Failure: Error>(_ emit: (CSVRow) throws(Failure) -> Void) throws(Failure) {
    // Swapped out during the call, because the rest of the reader changes while the row is read.
    var row: [UInt8] = []
    swap(&row, &carry)
    try unsafe row.withUnsafeBufferPointer { held throws(Failure) in try unsafe give(UnsafeRawBufferPointer(held), emit) }
    swap(&row, &carry)
  }

  private mutating func give<Failure: Error>(
    _ row: UnsafeRawBufferPointer, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    unescaped.removeAll(keepingCapacity: unescaped.capacity <= 1 << 20)
    for index in fields.indices where fields[index].isUnescaped { unsafe unescape(row, field: index) }
    defer { lifetime.end() }
    try unsafe fields.withUnsafeBufferPointer { fields throws(Failure) in
      try unsafe unescaped.withUnsafeBufferPointer { unescaped throws(Failure) in
        try unsafe emit(
          CSVRow(
            line: rowLine, offset: consumed &+ rowStart, bytes: row, unescaped: UnsafeRawBufferPointer(unescaped), fields: fields,
            lifetime.moment))
      }
    }
  }

  private mutating func unescape(_ row: UnsafeRawBufferPointer, field index: Int) {
    let start = unescaped.count
    var place = fields[index].range.lowerBound
    let end = fields[index].range.upperBound
    while place < end {
      let byte = unsafe row[place]
      unescaped.append(byte)
      place += byte == UInt8(ascii: "\"") ? 2 : 1
    }
    fields[index].range = start..<unescaped.count
  }

  /// Keeps an unfinished row for the next piece, within the limits.
  private mutating func keep<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    guard state != .skipping, marked == 3 else { return }
    if state == .fieldStart { fieldStart = bytes.count &- rowStart }
    // The next byte decides whether a final CR or quote belongs to the row.
    if let (code, detail) = excess(bytes.count &- rowStart &- (state == .cr ? 1 : 0)) { return try refuse(code, detail, emit) }
    unsafe carry.append(contentsOf: bytes[max(rowStart, 0)...])
  }

  /// Refuses the row; an exceeded limit up to `end` (from its start) takes precedence over the given fault.
  private mutating func fail<Failure: Error>(
    _ code: String, _ detail: String, end: Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    let (code, detail) = excess(end) ?? (code, detail)
    try refuse(code, detail, emit)
  }

  private mutating func refuse<Failure: Error>(
    _ code: String, _ detail: String, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    let fault = RecordFault(code, detail, line: rowLine, column: fields.count + 1)
    state = .skipping
    fields.removeAll(keepingCapacity: true)
    carry.removeAll(keepingCapacity: carry.capacity <= 1 << 20)
    try emit(CSVRow(fault: fault, offset: consumed &+ rowStart))
  }
}
