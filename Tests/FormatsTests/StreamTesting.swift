import Formats

/// What a reader gave, in a form that can be compared.
enum Given: Equatable {
  case record(line: Int, String)
  case row(line: Int, [String])
  case fault(line: Int, String, column: Int? = nil)

  init(_ record: StreamRecord) {
    if let fault = record.fault {
      self = .fault(line: fault.line, fault.code)
    } else {
      self = .record(line: record.line, record.bytes.string)
    }
  }

  init(_ row: CSVRow) {
    if let fault = row.fault {
      self = .fault(line: fault.line, fault.code, column: fault.column)
    } else {
      self = .row(line: row.line, (0..<row.count).map { row.string($0) })
    }
  }
}

/// Gives `feed` the text whole, cut at each place, and byte by byte; each piece in memory of its own.
func everyCut(_ bytes: [UInt8], _ feed: ([[UInt8]]) -> Void) {
  feed([bytes])
  for place in 1..<max(bytes.count, 1) { feed([Array(bytes[..<place]), Array(bytes[place...])]) }
  feed(bytes.map { [$0] })
}
