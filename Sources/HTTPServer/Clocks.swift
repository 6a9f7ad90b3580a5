internal import Formats
internal import Glibc
internal import HTTP

/// The monotonic clock, in nanoseconds.
func monotonicNanoseconds() -> Int {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The current date as HTTP and the log write it, updated once a second.
struct DateTexts {
  /// The value of `Date`.
  let http = ByteBuffer(capacity: 32)
  /// `2024-06-19T12:00:00`, without fraction or zone.
  let log = ByteBuffer(capacity: 32)
  private(set) var milliseconds = 0
  private var second = -1

  /// Reads the clock.
  mutating func update() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
    milliseconds = time.tv_nsec / 1_000_000
    guard time.tv_sec != second else { return }
    second = time.tv_sec
    http.clear()
    writeHTTPDate(secondsSince1970: second, into: http)
    log.clear()
    writeLogTime()
  }

  private func writeLogTime() {
    var moment = time_t(second)
    var parts = unsafe tm()
    unsafe gmtime_r(&moment, &parts)
    log.append(decimal: unsafe Int(parts.tm_year) + 1_900, width: 4)
    log.append("-")
    log.append(decimal: unsafe Int(parts.tm_mon) + 1, width: 2)
    log.append("-")
    log.append(decimal: unsafe Int(parts.tm_mday), width: 2)
    log.append("T")
    log.append(decimal: unsafe Int(parts.tm_hour), width: 2)
    log.append(":")
    log.append(decimal: unsafe Int(parts.tm_min), width: 2)
    log.append(":")
    log.append(decimal: unsafe Int(parts.tm_sec), width: 2)
  }
}
