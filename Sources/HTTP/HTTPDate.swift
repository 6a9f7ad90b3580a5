package import Formats

/// Writes a time as an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
package func writeHTTPDate(secondsSince1970: Int, into buffer: ByteBuffer) {
  let days = secondsSince1970.dividedFloor(by: 86_400)
  let second = secondsSince1970 - days * 86_400
  let (year, month, day) = civilDate(days)
  // 1970-01-01 was a Thursday.
  appendName("SunMonTueWedThuFriSat", ((days + 4) % 7 + 7) % 7, to: buffer)
  buffer.append(", ")
  appendTwo(day, to: buffer)
  buffer.append(" ")
  appendName("JanFebMarAprMayJunJulAugSepOctNovDec", month - 1, to: buffer)
  buffer.append(" ")
  appendTwo(year / 100, to: buffer)
  appendTwo(year % 100, to: buffer)
  buffer.append(" ")
  appendTwo(second / 3_600, to: buffer)
  buffer.append(":")
  appendTwo(second / 60 % 60, to: buffer)
  buffer.append(":")
  appendTwo(second % 60, to: buffer)
  buffer.append(" GMT")
}

/// The Gregorian date of a day counted from 1970-01-01. Years start in March here, which puts the leap day last.
private func civilDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
  let shifted = days + 719_468
  let era = shifted.dividedFloor(by: 146_097)
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

private func appendTwo(_ number: Int, to buffer: ByteBuffer) {
  buffer.append(UInt8(truncatingIfNeeded: 48 + number / 10 % 10))
  buffer.append(UInt8(truncatingIfNeeded: 48 + number % 10))
}

private func appendName(_ names: StaticString, _ index: Int, to buffer: ByteBuffer) {
  for place in index * 3..<index * 3 + 3 { buffer.append(unsafe names.utf8Start[place]) }
}

extension Int {
  fileprivate func dividedFloor(by divisor: Int) -> Int { self >= 0 ? self / divisor : (self - divisor + 1) / divisor }
}
