import Formats
import TestSupport
import Testing

/// Every list that is sorted by a name has one order: page by page, as CSV, as NDJSON and in groups.
@Suite struct NameOrderTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  /// In their order; what stands together is the same without case and marks.
  private static let groups = [
    ["angstrom"], ["Aragón", "ARAGON", "aragón"], ["ōsaka", "Osaka"], ["Österreich"], ["Straße"], ["zürich", "Zurich"],
  ]

  private static let collections: [(path: String, field: String, more: JSON)] = [
    ("stakeholders", "name", ["type": "company"]), ("events", "title", ["type": "visit", "start_date": "1950-01-01"]),
    ("events", "city", ["title": "T", "type": "visit", "start_date": "1950-01-01"]), ("outcomes", "title", [:]),
    ("sources", "title", ["kind": "interview"]), ("recommendations", "title", ["strategy": "transparency"]), ("strategies", "name", [:]),
  ]

  private func make(_ path: String, _ field: String, _ more: JSON) throws {
    for (number, name) in Self.groups.reversed().flatMap({ $0 }).enumerated() {
      var fields = more.with([field: .string(name), "source": "order"])
      if path == "stakeholders" || path == "strategies" { fields = fields.with(["code": .string("o-\(number)")]) }
      if path == "recommendations" { fields = fields.with(["reference": .string("o-\(number)")]) }
      _ = try server.make(path, fields)
    }
  }

  @Test(arguments: collections.indices)
  func `a name is sorted without case and marks, whichever way it is shown`(index: Int) throws {
    let (path, field, more) = Self.collections[index]
    try make(path, field, more)
    for isDescending in [false, true] {
      let query = "source=order&sort=\(isDescending ? "-" : "")\(field)&fields=id,\(field)"
      let whole = try server.get("/v1/\(path)?\(query)").items
      let found = whole.compactMap { $0[field].text }
      var place = 0
      for group in isDescending ? Self.groups.reversed() : Self.groups {
        #expect(Set(found.dropFirst(place).prefix(group.count)) == Set(group), "\(query): \(found)")
        place += group.count
      }
      for limit in [1, 2, 3] { #expect(try server.walk("/v1/\(path)?\(query)&limit=\(limit)") == whole, "\(query), \(limit)") }
      let csv = table(try server.get("/v1/\(path).csv?\(query)").text).dropFirst().map { JSON.string($0[0]) }
      #expect(csv == whole.map { $0["id"] }, "\(query)")
      let lines = try server.get("/v1/\(path).ndjson?\(query)").text.split(separator: "\n").map { try JSON(Array($0.utf8)) }
      #expect(lines == whole, "\(query)")
      let groups = try server.get("/v1/\(path)/aggregate?source=order&group_by=\(field)&sort=\(isDescending ? "-" : "")\(field)")
      let names = groups.items.compactMap { $0[field].text }
      #expect(names.count == found.count && Set(names) == Set(found), "\(groups.text)")
      #expect(names.map(folded) == found.map(folded), "\(query): \(names)")
    }
  }

  @Test func `groups of the same count are in the order of their names, page by page`() throws {
    try make("events", "title", ["type": "visit", "start_date": "1950-01-01"])
    let path = "/v1/events/aggregate?group_by=title&start_date=1950-01-01"
    let whole = try server.get(path).items
    #expect(whole.compactMap { $0["title"].text }.map(folded) == Self.groups.flatMap { $0 }.map(folded))
    for limit in [1, 4] { #expect(try server.walk("\(path)&limit=\(limit)") == whole) }
    let csv = table(try server.get("/v1/events/aggregate.csv?group_by=title&start_date=1950-01-01").text).dropFirst()
    #expect(csv.map { JSON.string($0[0]) } == whole.map { $0["title"] })
  }

  private func folded(_ name: String) -> String {
    let buffer = ByteBuffer()
    name.withByteView { appendFolded($0, to: buffer) }
    return buffer.string
  }
}
