internal import Glibc

/// Timestamps: Unix milliseconds, read and written as RFC 3339.
package enum Timestamp {
  /// 0001-01-01T00:00:00.000Z, the earliest with a text form.
  package static let earliest: Int64 = -62_135_596_800_000
  /// 9999-12-31T23:59:59.999Z, the latest with a text form.
  package static let latest: Int64 = 253_402_300_799_999

  /// The wall clock, in Unix milliseconds.
  package static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Reads a date, `T`, a time and a mandatory offset (`Z` or `±hh:mm`), as in RFC 3339 §5.6.
  ///
  /// - Returns: Unix milliseconds.
  /// - Throws: `malformed`, `no_offset`, `no_such_date`, `no_such_time`, `leap_second`, `precision` (digits below a millisecond
  ///   that are not zero) or `out_of_range` (before year 1 or after year 9999 in UTC).
  package static func parse(_ text: ByteView) throws(DateError) -> Int64 { try unsafe parse(text.unsafeBytes) }

  private static func parse(_ text: UnsafeRawBufferPointer) throws(DateError) -> Int64 {
    guard text.count >= 19, unsafe hasSeparators(text),
      let hour = unsafe decimal(text, 11, 2), let minute = unsafe decimal(text, 14, 2), let second = unsafe decimal(text, 17, 2),
      unsafe decimal(text, 0, 4) != nil, unsafe decimal(text, 5, 2) != nil, unsafe decimal(text, 8, 2) != nil
    else { throw unsafe DateError("malformed", text, wanted: form) }
    guard let date = unsafe CalendarDate(iso: UnsafeRawBufferPointer(rebasing: text[..<10])) else {
      throw unsafe DateError("no_such_date", text, wanted: "an existing day")
    }
    guard second != 60 else { throw unsafe DateError("leap_second", text, wanted: "a second from 00 to 59") }
    guard hour < 24, minute < 60, second < 60 else {
      throw unsafe DateError("no_such_time", text, wanted: "a time from 00:00:00 to 23:59:59")
    }
    let (milliseconds, end) = try unsafe fraction(text)
    let offsetMinutes = try unsafe offset(text, from: end)
    let seconds = (date.days * 24 + hour) * 3_600 + (minute - offsetMinutes) * 60 + second
    let moment = Int64(seconds * 1_000 + milliseconds)
    guard moment >= earliest && moment <= latest else {
      throw unsafe DateError("out_of_range", text, wanted: "a time in the years 0001 to 9999 UTC")
    }
    return moment
  }

  /// Reads an RFC 3339 timestamp as the form for bytes does, with the same errors.
  package static func parse(_ text: String) throws(DateError) -> Int64 {
    let buffer = ByteBuffer(capacity: text.utf8.count)
    buffer.append(text)
    return try unsafe buffer.withBytes { bytes throws(DateError) in try unsafe parse(bytes) }
  }

  private static let form = "YYYY-MM-DDThh:mm:ss[.sss] with Z or an offset such as +01:00"

  private static func hasSeparators(_ text: UnsafeRawBufferPointer) -> Bool {
    // RFC 3339 allows lower-case `t` and `z`.
    unsafe text[4] == UInt8(ascii: "-") && text[7] == UInt8(ascii: "-") && text[10] | 0x20 == UInt8(ascii: "t")
      && text[13] == UInt8(ascii: ":") && text[16] == UInt8(ascii: ":")
  }

  private static func fraction(_ text: UnsafeRawBufferPointer) throws(DateError) -> (milliseconds: Int, end: Int) {
    guard text.count > 19, unsafe text[19] == UInt8(ascii: ".") else { return (0, 19) }
    var end = 20
    var milliseconds = 0
    var scale = 100
    while end < text.count, let digit = unsafe decimal(text, end, 1) {
      guard scale > 0 || digit == 0 else { throw unsafe DateError("precision", text, wanted: "at most three decimals of a second") }
      milliseconds += digit * scale
      scale /= 10
      end += 1
    }
    guard end > 20 else { throw unsafe DateError("malformed", text, wanted: form) }
    return (milliseconds, end)
  }

  /// Minutes east of UTC.
  private static func offset(_ text: UnsafeRawBufferPointer, from start: Int) throws(DateError) -> Int {
    guard start < text.count else { throw unsafe DateError("no_offset", text, wanted: form) }
    let sign = unsafe text[start]
    if sign | 0x20 == UInt8(ascii: "z"), start == text.count - 1 { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == start + 6, unsafe text[start + 3] == UInt8(ascii: ":"),
      let hours = unsafe decimal(text, start + 1, 2), let minutes = unsafe decimal(text, start + 4, 2), hours < 24, minutes < 60
    else { throw unsafe DateError("malformed", text, wanted: form) }
    return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
  }
}

extension ByteBuffer {
  /// Writes a moment as `2024-06-18T09:30:00.123Z`, without quotes.
  ///
  /// - Parameter milliseconds: Unix milliseconds, clamped to the years 0001 to 9999.
  package func append(timestamp milliseconds: Int64) {
    let moment = Int(min(max(milliseconds, Timestamp.earliest), Timestamp.latest))
    let dayLength = 86_400_000
    let days = moment / dayLength - (moment % dayLength < 0 ? 1 : 0)
    let time = moment - days * dayLength
    reserve(24)
    CalendarDate.first.adding(days: days - CalendarDate.first.days).append(to: self)
    append(UInt8(ascii: "T"))
    append(decimal: time / 3_600_000, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: time / 60_000 % 60, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: time / 1_000 % 60, width: 2)
    append(UInt8(ascii: "."))
    append(decimal: time % 1_000, width: 3)
    append(UInt8(ascii: "Z"))
  }
}
