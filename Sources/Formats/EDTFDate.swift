/// A date with its precision: the forms of EDTF (ISO 8601-2) that name a span of whole days.
package struct EDTFDate: Hashable, Sendable {
  /// How exactly the date is known. `week` has no form in EDTF: it is written as an interval.
  package enum Precision: String, Sendable, CaseIterable { case day, days, week, month, quarter, year }

  /// The first day that is included.
  package let start: CalendarDate
  /// The last day that is included; never before `start`.
  package let end: CalendarDate
  /// How exactly the date is known; decides the form that `append` writes.
  package let precision: Precision
  /// Whether the date is approximate, `~` in EDTF.
  package let approximate: Bool

  /// A date from its parts; the caller matches precision and extent.
  ///
  /// - Returns: `nil` if `end` is before `start`.
  package init?(start: CalendarDate, end: CalendarDate, precision: Precision, approximate: Bool = false) {
    guard start <= end else { return nil }
    self.init(start, end, precision, approximate)
  }

  private init(_ start: CalendarDate, _ end: CalendarDate, _ precision: Precision, _ approximate: Bool) {
    self.start = start
    self.end = end
    self.precision = precision
    self.approximate = approximate
  }

  /// Reads `2024-06-18`, `2024-06`, `2024`, `2024-33` to `2024-36` (quarters, level 2), each with an optional `~`, and the interval of two
  /// days `2024-06-18/2024-06-21`, where either day may have the `~`.
  ///
  /// - Throws: `empty`, `ambiguous` (day and month could be swapped), `malformed`, `no_such_date`, `reversed`, `open_interval`,
  ///   `uncertain` (`?` and `%`) or `season` (months 21 to 32 and 37 to 41). The parser never guesses.
  package static func parse(_ text: ByteView) throws(DateError) -> EDTFDate { try unsafe parse(text.unsafeBytes) }

  private static func parse(_ text: UnsafeRawBufferPointer) throws(DateError) -> EDTFDate {
    guard text.count > 0 else { throw unsafe DateError("empty", text, wanted: forms) }
    let slash = UInt8(ascii: "/")
    guard let cut = unsafe text.firstIndex(of: slash) else { return try unsafe single(text, whole: text) }
    let left = unsafe UnsafeRawBufferPointer(rebasing: text[..<cut])
    let right = unsafe UnsafeRawBufferPointer(rebasing: text[(cut + 1)...])
    guard unsafe !isOpen(left) && !isOpen(right) else { throw unsafe DateError("open_interval", text, wanted: "both ends of an interval") }
    guard unsafe right.firstIndex(of: slash) == nil else { throw unsafe misread(text) }
    return try unsafe interval(from: single(left, whole: text), to: single(right, whole: text), whole: text)
  }

  /// Reads a date as the form for bytes does, with the same errors.
  package static func parse(_ text: String) throws(DateError) -> EDTFDate {
    let buffer = ByteBuffer(capacity: text.utf8.count)
    buffer.append(text)
    return try unsafe buffer.withBytes { bytes throws(DateError) in try unsafe parse(bytes) }
  }

  private static let forms = "YYYY-MM-DD, YYYY-MM, YYYY, a quarter YYYY-33 to YYYY-36, or YYYY-MM-DD/YYYY-MM-DD; append ~ if approximate"

  private static func isOpen(_ part: UnsafeRawBufferPointer) -> Bool { unsafe part.count == 0 || part.elementsEqual("..".utf8) }

  private static func interval(from: EDTFDate, to: EDTFDate, whole: UnsafeRawBufferPointer) throws(DateError) -> EDTFDate {
    guard from.precision == .day && to.precision == .day else {
      throw unsafe DateError("malformed", whole, wanted: "an interval of two days, YYYY-MM-DD/YYYY-MM-DD")
    }
    guard from.start <= to.start else { throw unsafe DateError("reversed", whole, wanted: "the earlier day first") }
    return EDTFDate(from.start, to.start, from.start == to.start ? .day : .days, from.approximate || to.approximate)
  }

  private static func single(_ part: UnsafeRawBufferPointer, whole: UnsafeRawBufferPointer) throws(DateError) -> EDTFDate {
    let mark = unsafe part.last
    if mark == UInt8(ascii: "?") || mark == UInt8(ascii: "%") {
      throw unsafe DateError("uncertain", whole, wanted: "~ or nothing after the date")
    }
    let approximate = mark == UInt8(ascii: "~")
    let date = unsafe approximate ? UnsafeRawBufferPointer(rebasing: part.dropLast()) : part
    switch date.count {
    case 4: return try unsafe year(date, approximate, whole)
    case 7: return try unsafe yearAndMonth(date, approximate, whole)
    case 10: return try unsafe day(date, approximate, whole)
    default: throw unsafe misread(whole)
    }
  }

  private static func year(_ text: UnsafeRawBufferPointer, _ approximate: Bool, _ whole: UnsafeRawBufferPointer) throws(DateError)
    -> EDTFDate
  {
    guard let year = unsafe decimal(text, 0, 4) else { throw unsafe misread(whole) }
    guard let first = CalendarDate(year: year, month: 1, day: 1) else { throw unsafe missing(whole) }
    return EDTFDate(first, first.lastOfYear, .year, approximate)
  }

  private static func yearAndMonth(
    _ text: UnsafeRawBufferPointer, _ approximate: Bool, _ whole: UnsafeRawBufferPointer
  ) throws(DateError) -> EDTFDate {
    guard let year = unsafe decimal(text, 0, 4), unsafe text[4] == UInt8(ascii: "-"), let month = unsafe decimal(text, 5, 2) else {
      throw unsafe misread(whole)
    }
    switch month {
    case 33...36:
      guard let first = CalendarDate(year: year, month: (month - 33) * 3 + 1, day: 1) else { throw unsafe missing(whole) }
      return EDTFDate(first, first.lastOfQuarter, .quarter, approximate)
    case 21...41: throw unsafe DateError("season", whole, wanted: "a month from 01 to 12 or a quarter from 33 to 36")
    default:
      guard let first = CalendarDate(year: year, month: month, day: 1) else { throw unsafe missing(whole) }
      return EDTFDate(first, first.lastOfMonth, .month, approximate)
    }
  }

  private static func day(_ text: UnsafeRawBufferPointer, _ approximate: Bool, _ whole: UnsafeRawBufferPointer) throws(DateError)
    -> EDTFDate
  {
    if let date = unsafe CalendarDate(iso: text) { return EDTFDate(date, date, .day, approximate) }
    let hasForm = unsafe text[4] == UInt8(ascii: "-") && text[7] == UInt8(ascii: "-")
    guard unsafe hasForm && decimal(text, 0, 4) != nil && decimal(text, 5, 2) != nil && decimal(text, 8, 2) != nil else {
      throw unsafe misread(whole)
    }
    throw unsafe missing(whole)
  }

  private static func missing(_ whole: UnsafeRawBufferPointer) -> DateError {
    unsafe DateError("no_such_date", whole, wanted: "an existing day in the years 0001 to 9999")
  }

  /// Numbers with separators that do not start with a year may have day and month swapped: `ambiguous`, not `malformed`.
  private static func misread(_ whole: UnsafeRawBufferPointer) -> DateError {
    let digits = unsafe whole.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
    let others = unsafe whole.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || " ./-".utf8.contains($0) }
    let isSplit = digits > 0 && digits <= 2 && others && digits < whole.count
    let isSlashed = unsafe others && whole.count <= 10 && whole.count { $0 == UInt8(ascii: "/") } == 2
    let wanted = "YYYY-MM-DD, since day and month could be swapped here"
    if isSplit || isSlashed { return unsafe DateError("ambiguous", whole, wanted: wanted) }
    return unsafe DateError("malformed", whole, wanted: forms)
  }
}

extension EDTFDate: CustomStringConvertible {
  /// The date in EDTF.
  package var description: String {
    let text = ByteBuffer(capacity: 32)
    append(to: text)
    return text.string
  }

  /// Writes the date in the shortest form that `parse` reads back.
  package func append(to buffer: ByteBuffer) {
    let year = start.year
    switch precision {
    case .day: start.append(to: buffer)
    case .days, .week:
      start.append(to: buffer)
      buffer.append(UInt8(ascii: "/"))
      end.append(to: buffer)
    case .month: append(year, start.month, to: buffer)
    case .quarter: append(year, 32 + start.quarter, to: buffer)
    case .year: buffer.append(decimal: year, width: 4)
    }
    if approximate { buffer.append(UInt8(ascii: "~")) }
  }

  private func append(_ year: Int, _ month: Int, to buffer: ByteBuffer) {
    buffer.append(decimal: year, width: 4)
    buffer.append(UInt8(ascii: "-"))
    buffer.append(decimal: month, width: 2)
  }
}
