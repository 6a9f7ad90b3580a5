/// Reads CSV (RFC 4180) from a stream, however it is cut: rows end with LF or CRLF, quoted fields may hold separators, line ends
/// and doubled quotes. A byte order mark at the start is passed over, and so are empty lines.
///
/// A row that cannot be read is given with its fault (`bare_quote`, `bare_cr`, `unterminated_quote`, `field_too_long`,
/// `row_too_long`, `too_many_columns`); reading goes on behind the next line end. Only a row that lies across two pieces of the
/// stream is copied.
package struct CSVReader: Sendable {
  /// How the stream is written, and how much of it is held at once.
  package struct Options: Sendable {
    package let delimiter: UInt8
    /// Without quotes `"` is a character like any other (the TSV of GDELT), and so is a CR inside a row.
    package let quotes: Bool
    /// As written, with quotes.
    package let maxFieldBytes: Int
    /// As written, without the line end.
    package let maxRowBytes: Int
    package let maxColumns: Int
    /// Places in a row are kept in 32 bits; limits above a gigabyte are taken as that.
    private static let mostBytes = 1 << 30

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
  /// How many bytes of a byte order mark have been seen; 3 when that is decided.
  private var marked = 0
  private var line = 1
  private var rowLine = 1
  /// Where the row starts, counted from the start of this piece of the stream: below zero if it began in an earlier one.
  private var rowStart = 0
  /// Bytes of the stream before this piece.
  private var consumed = 0
  /// The row's bytes from earlier pieces.
  private var carry: [UInt8] = []
  private var fields: [CSVRow.Field] = []
  private var unescaped: [UInt8] = []
  /// From the row's start, like `fieldEnd`, which is set when a closing quote or a CR has been seen.
  private var fieldStart = 0
  private var fieldEnd = 0
  private var isQuoted = false
  private var hasDoubledQuotes = false
  private let lifetime = ByteLifetime()

  package init(_ options: Options = Options()) {
    self.options = options
    let quote = options.quotes ? UInt8(ascii: "\"") : nil
    plainStops = ByteSet(options.delimiter, UInt8(ascii: "\n"), UInt8(ascii: "\r"), quote)
  }

  /// Takes the next bytes of the stream and gives the rows that are complete.
  package mutating func feed<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
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

  /// Takes the next bytes of the stream and gives the rows that are complete.
  package mutating func feed<Failure: Error>(_ bytes: ByteView, _ emit: (CSVRow) throws(Failure) -> Void) throws(Failure) {
    try unsafe feed(bytes.unsafeBytes, emit)
  }

  /// The stream has ended: gives its last row, if that had no line end.
  package mutating func finish<Failure: Error>(_ emit: (CSVRow) throws(Failure) -> Void) throws(Failure) {
    if marked < 3 { giveUpMark(earlier: marked) }
    rowStart = -carry.count
    let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    switch state {
    case .skipping: return
    case .quoted: return try fail("unterminated_quote", "a quoted field has no end", end: carry.count, emit)
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
        // The start of a mark without its end is text; what of it was in earlier pieces is gone and put back.
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
      try fail("bare_quote", "a quote stands in a field that does not start with one", end: place &- rowStart, emit)
    }
  }

  /// Reads on to the end of a plain field, and past the ends of those that only a delimiter ends: most of a wide row, without
  /// going through the states for each.
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
      // Looked at here, so that reading goes on behind the same line end however the stream is cut.
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
      try fail("bare_quote", "something follows a closing quote", end: place &- rowStart, emit)
    }
  }

  private mutating func readBehindCR<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    if unsafe bytes[place] == UInt8(ascii: "\n") {
      try unsafe endRow(bytes, at: place, emit)
      place &+= 1
    } else if options.quotes {
      try fail("bare_cr", "a CR without LF stands outside quotes", end: writtenEnd, emit)
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
    // The fault leaves the place where it is: it may be the line end that is looked for.
    guard try addField(at: place, emit) else { return }
    state = .fieldStart
    place &+= 1
  }

  /// Notes the field that ends here; false if that was refused.
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

  /// Whether a row that is read up to `end` (from its start) breaks a limit: asked for each field.
  @inline(__always)
  private func isOver(_ end: Int) -> Bool { end > min(fieldStart &+ options.maxFieldBytes, options.maxRowBytes) }

  /// Which limit a row that is read up to `end` (from its start) breaks.
  private func excess(_ end: Int) -> (code: String, detail: String)? {
    let fieldLimit = fieldStart &+ options.maxFieldBytes
    // The limit that is met first counts, so that it does not matter how the stream is cut.
    if fieldLimit <= options.maxRowBytes {
      return end > fieldLimit ? ("field_too_long", "a field has at most \(options.maxFieldBytes) bytes") : nil
    }
    return end > options.maxRowBytes ? ("row_too_long", "a row has at most \(options.maxRowBytes) bytes") : nil
  }

  /// - Parameter place: of the LF, or 0 at the stream's end, when all bytes are in `carry`.
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
    // Taken out for the time, because the rest of the reader changes while it is read.
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

  /// Keeps an unfinished row until its end comes, within the limits.
  private mutating func keep<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ emit: (CSVRow) throws(Failure) -> Void
  ) throws(Failure) {
    guard state != .skipping, marked == 3 else { return }
    if state == .fieldStart { fieldStart = bytes.count &- rowStart }
    // What follows a CR or a quote decides whether it belongs to the row.
    if let (code, detail) = excess(bytes.count &- rowStart &- (state == .cr ? 1 : 0)) { return try refuse(code, detail, emit) }
    unsafe carry.append(contentsOf: bytes[max(rowStart, 0)...])
  }

  /// Refuses the row, for a limit that it has broken up to `end` (from its start) if there is one.
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
