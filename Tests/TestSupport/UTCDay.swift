internal import Glibc

/// `YYYY-MM-DD` of the day in UTC that is so many days from today, by the C library's calendar.
package func utcDay(days: Int) -> String {
  var seconds = time(nil) + days * 86_400
  var broken = unsafe tm()
  unsafe gmtime_r(&seconds, &broken)
  var text = [CChar](repeating: 0, count: 16)
  let count = unsafe strftime(&text, 16, "%Y-%m-%d", &broken)
  return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
