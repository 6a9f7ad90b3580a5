import Records
import TestSupport
import Testing

@Suite struct RelativeDateTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  /// `YYYY-MM-DD` so many days from today in UTC, by the C library's calendar.
  private func day(_ days: Int) -> JSON { .string(utcDay(days: days)) }

  @Test func `now and steps from it, in every parameter that takes a day`() throws {
    // A day beside each limit, so that midnight during the test changes nothing.
    for days in [-400, -100, -60, -5, 5, 30] {
      _ = try server.event(["title": .string("\(days)"), "start_date": day(days), "end_date": nil])
    }
    for (query, expected) in [
      ("from=now-90d", ["-60", "-5", "5", "30"]), ("from=now", ["5", "30"]), ("to=now", ["-400", "-100", "-60", "-5"]),
      ("from=now-1y&to=now-3m", ["-100"]), ("start_date__gte=now%2B2w", ["30"]), ("start_date__gte=now+2w", ["30"]),
      ("start_date__between=now-10w,now%2B1w", ["-60", "-5", "5"]), ("start_date__lt=now-1y", ["-400"]),
      ("filter=\(escaped("start_date > now-12w AND start_date < now"))", ["-60", "-5"]),
      ("created_at__gte=now-1h&start_date__gt=now", ["5", "30"]),
    ] {
      let answer = try server.get("/v1/events?fields=title&\(query)")
      #expect(Set(answer.items.compactMap { $0["title"].text }) == Set(expected), "\(query): \(answer.text)")
    }
    #expect(try server.get("/v1/events?created_at__lt=now-1h").items.isEmpty)
    #expect(try server.get("/v1/events?as_of=now-1d").items.isEmpty)
    #expect(try server.get("/v1/events?as_of=now").items.count == 6)
  }

  @Test func `what is no step is 400`() throws {
    for value in ["nowhere", "now-", "now-d", "now-1", "now-1q", "now*1d", "now--1d", "now-1234567d", "now-1dd", "NOW-1d"] {
      for parameter in ["from", "start_date__gte", "created_at__gt", "as_of"] {
        let answer = try server.get("/v1/events?\(parameter)=\(escaped(value))")
        #expect(answer.status == 400 && answer.pointers == [parameter], "\(parameter) \(value)")
      }
    }
    // Far beyond the calendar is its end, not a trap.
    #expect(try server.get("/v1/events?from=now-999999y&to=now%2B999999y&created_at__lt=now%2B999999m").status == 200)
  }

  @Test func `a question about this very moment is never unchanged`() throws {
    func isUnchanged(_ path: String) throws -> Bool {
      let first = try server.get(path)
      try #require(first.status == 200 && first.etag.count > 4)
      waitForLaterMillisecond()
      return try server.get(path, ["If-None-Match": first.etag]).status == 304
    }
    for query in [
      "created_at__gte=now-1h", "created_at__gte=%6Eow-1h", "as_of=now", "filter=\(escaped("created_at < now"))", "start_date__gte=now-12h",
      "from=now-6h", "filter=\(escaped("start_date < now-1h"))",
    ] {
      #expect(try !isUnchanged("/v1/events?\(query)"), "\(query)")
    }
    #expect(try isUnchanged("/v1/events?from=now-90d"))
    #expect(try isUnchanged("/v1/events?title=now"))
  }
}
