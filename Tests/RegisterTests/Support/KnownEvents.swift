import TestSupport
import Testing

/// A server with a small random set of events whose fields the test knows.
struct KnownEvents {
  let server: RegisterTester
  /// As the register shows them, by external id.
  let events: [String: JSON]

  static let parties = ["RUS", "PRK", "USA", "FRA", "CHN"]

  /// - Parameter count: how many; few values a field, so that there are many ties.
  init(_ count: Int) throws {
    server = try RegisterTester()
    var random = SeededNumbers("KnownEvents")
    let sent = (0..<count).map { Self.event($0, &random) }
    let lines = try sent.map { try $0.bytes }.joined(separator: [0x0A])
    let answer = try server.send("POST", "/v1/imports/events", ["Content-Type": "application/x-ndjson"], body: Array(lines))
    try #require(answer.status == 200, "\(answer.text)")
    let shown = try server.get("/v1/events?limit=1000").items
    try #require(shown.count == count)
    events = Dictionary(uniqueKeysWithValues: shown.map { ($0["external_id"].text ?? "", $0) })
    for event in sent {
      let shown = events[event["external_id"].text ?? ""] ?? .null
      for (name, value) in event.members { try #require(shown[name] == value, "\(name)") }
    }
  }

  private static func event(_ number: Int, _ random: inout SeededNumbers) -> JSON {
    func maybe(_ values: [JSON]) -> JSON { Bool.random(using: &random) ? .null : values.randomElement(using: &random) ?? .null }
    func one(_ values: [JSON]) -> JSON { values.randomElement(using: &random) ?? .null }
    let codes = parties.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
    return [
      "source": "known", "external_id": .string("\(number)"),
      "title": one(["Alpha", "alpha", "Beta 100%", "Élan", "Zoë_x", "日本", "Gamma, \"q\""]),
      "type": one(["visit", "summit", "talks", "threat"]), "start_date": one(["2024-01-05", "2024-02-10", "2024-03-15", "2023-12-31"]),
      "end_date": maybe(["2024-03-16", "2024-12-24"]), "country": maybe(["PRK", "USA", "FRA"]),
      "city": maybe(["Pyongyang", "Paris", "paris"]),
      "importance": maybe([1, 2, 3, 5]), "goldstein": maybe([-2.5, 0.5, 7.25]), "report_count": one([1, 2, 30]),
      "date_approximate": one([true, false]),
      "tags": .array([one(["a", "b"]), one(["c", "d d"])].prefix(Int.random(in: 0...2, using: &random)).map { $0 }),
      "participants": .array(codes.map { ["stakeholder": .string($0), "role": one(["visitor", "host"])] }),
    ]
  }

  /// The external ids that a query gives, in its order.
  func ids(_ query: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
    let answer = try server.get("/v1/events?limit=1000&fields=external_id&\(query)")
    try #require(answer.status == 200, "\(query): \(answer.text)", sourceLocation: sourceLocation)
    return answer.items.compactMap { $0["external_id"].text }
  }

  /// The external ids that a filter of our own gives.
  func ids(where matches: (JSON) -> Bool) -> Set<String> { Set(events.filter { matches($0.value) }.keys) }

  /// All events in an order of our own: nulls first going up and last going down, text by its bytes, at the end the id.
  func sorted(by sort: String) -> [String] {
    var keys = sort.split(separator: ",").map { ($0.hasPrefix("-") ? String($0.dropFirst()) : String($0), $0.hasPrefix("-")) }
    keys.append(("id", keys.last?.1 ?? false))
    return events.values.sorted { one, other in
      for (name, isDescending) in keys {
        let isName = ["title", "city", "place"].contains(name)
        let order = isName ? Self.order(Self.folded(one[name]), Self.folded(other[name])) : Self.order(one[name], other[name])
        if order != 0 { return isDescending ? order > 0 : order < 0 }
      }
      return false
    }.compactMap { $0["external_id"].text }
  }

  /// As names are sorted: without case and without the marks that the events here have.
  private static func folded(_ name: JSON) -> JSON {
    guard let text = name.text else { return name }
    return .string(String(text.lowercased().map { ["é": "e", "ë": "e", "å": "a", "ö": "o"][$0] ?? $0 }))
  }

  private static func order(_ one: JSON, _ other: JSON) -> Int {
    if one == nil || other == nil { return (one == nil ? 0 : 1) - (other == nil ? 0 : 1) }
    if let left = one.number, let right = other.number { return left < right ? -1 : left > right ? 1 : 0 }
    let (left, right) = (Array((one.text ?? "").utf8), Array((other.text ?? "").utf8))
    return left.lexicographicallyPrecedes(right) ? -1 : left == right ? 0 : 1
  }
}
