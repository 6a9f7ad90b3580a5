import Glibc

/// What the C library makes of a moment in UTC: the oracle for ours.
struct GlibcCalendar {
  let year, month, day, hour, minute, second, weekday: Int
  /// ISO year and week.
  let isoWeek: [Int]

  init(seconds: Int) {
    var seconds = seconds
    var broken = unsafe tm()
    unsafe gmtime_r(&seconds, &broken)
    unsafe (year, month, day) = (Int(broken.tm_year) + 1_900, Int(broken.tm_mon) + 1, Int(broken.tm_mday))
    unsafe (hour, minute, second) = (Int(broken.tm_hour), Int(broken.tm_min), Int(broken.tm_sec))
    unsafe weekday = Int(broken.tm_wday)
    var text = [CChar](repeating: 0, count: 16)
    let count = unsafe strftime(&text, 16, "%G-%V", &broken)
    isoWeek = String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: "-").compactMap { Int($0) }
  }
}
