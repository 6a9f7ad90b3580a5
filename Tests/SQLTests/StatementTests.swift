import Formats
import SQL
import SQLite
import Testing

/// A piece of SQL with its values (`SQLFragment`), and a template with parameters (`SQLTemplate`).
@Suite struct StatementTests {
  // MARK: A statement for one question

  @Test func `what is interpolated is bound and never written`() throws {
    let day = CalendarDate.first
    let (name, number, share, missing) = ("Zoë'; DROP TABLE notes; --", Int64(7), 0.5, String?.none)
    let statement: SQLFragment = "SELECT \(name), \(number), \(share), \(missing.sqlValue), \(12), \(day)"
    #expect(statement.text == "SELECT ?, ?, ?, ?, ?, ?")
    #expect(statement.values == [.text(name), .integer(7), .real(0.5), .null, .integer(12), .text("0001-01-01")])
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    try scratch.database.makeReader().query(statement) { row in
      #expect(row[0].string == name && row[1].integer == 7 && row[2].real == 0.5 && row[3].isNull && row[4].integer == 12)
      return true
    }
  }

  @Test func `declared names are written as they are`() {
    let (table, columns) = ("notes", "id, text")
    let statement: SQLFragment = "SELECT \(raw: columns) FROM \(raw: table) WHERE id = \(1)"
    #expect(statement.text == "SELECT id, text FROM notes WHERE id = ?")
  }

  @Test func `a fragment brings its values to where it stands`() {
    let condition: SQLFragment = "text = \("a") AND real > \(0.5)"
    let other: SQLFragment = "id IN (\([Int64(1), 2, 3]))"
    let statement: SQLFragment = "SELECT \(0) FROM notes WHERE (\(condition)) OR \(other) LIMIT \(9)"
    #expect(statement.text == "SELECT ? FROM notes WHERE (text = ? AND real > ?) OR id IN (?, ?, ?) LIMIT ?")
    #expect(statement.values == [.integer(0), .text("a"), .real(0.5), .integer(1), .integer(2), .integer(3), .integer(9)])
  }

  @Test func `a fragment that stands twice is bound twice`() {
    let today: SQLFragment = "\("2024-06-19")"
    let statement: SQLFragment = "SELECT \(today) < \(today)"
    #expect(statement.text == "SELECT ? < ?")
    #expect(statement.values == [.text("2024-06-19"), .text("2024-06-19")])
  }

  @Test func `pieces put one behind the other are one statement`() {
    let row = Values([Int64(4), "x"])
    var statement: SQLFragment = "SELECT 1"
    statement.reserve(bytes: 100, values: 4)
    statement.append(" WHERE \(1) < ")
    statement.bind(2)
    statement.append(raw: " AND 5 IN (")
    statement.bindAll(row)
    statement.append(raw: ")")
    #expect(statement.text == "SELECT 1 WHERE ? < ? AND 5 IN (?, ?)")
    #expect(statement.values == [.integer(1), .integer(2), .integer(4), .text("x")])
    let same: SQLFragment = "SELECT 1 WHERE \(1) < \(2) AND 5 IN (\(row))"
    #expect(statement == same)
  }

  @Test func `fragments are joined with a word between`() {
    let terms: [SQLFragment] = ["a = \(1)", "b IS NULL", "c = \("x")"]
    let all = terms.joined(separator: " AND ")
    #expect(all.text == "a = ? AND b IS NULL AND c = ?")
    #expect(all.values == [.integer(1), .text("x")])
    #expect([SQLFragment]().joined(separator: " AND ").isEmpty)
  }

  @Test func `a question asked within a row of another keeps the values of both`() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    var found: [String] = []
    try reader.query("SELECT column1, \("a longer text of the outer question") FROM (VALUES (1), (2))") { outer in
      let inner = try reader.text("SELECT \("inner") || \(outer[0])")
      found.append("\(inner ?? "-") \(outer[1].string)")
      return true
    }
    #expect(found == ["inner1 a longer text of the outer question", "inner2 a longer text of the outer question"])
  }

  @Test func `a placeholder that is written by hand has no value, and nothing runs`() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let error = #expect(throws: SQLError.self) { try reader.integer("SELECT ?, \(1)") }
    #expect(error?.kind == .misuse)
    #expect(error?.detail == "1 values were given, 2 expected: SELECT ?, ?")
  }

  // MARK: A template

  @Test func `parameters are numbered in the order of the text, and one named twice is one value`() throws {
    let template = SQLTemplate("SELECT \(parameter: "a") || \(parameter: "b") || \(parameter: "a")")
    #expect(template.text == "SELECT ?1 || ?2 || ?1")
    #expect(template.valueCount == 2)
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    #expect(try reader.text(template, with: "x", "y") == "xyx")
    #expect(try reader.text(template, Values(["1", "2"])) == "121")
  }

  @Test func `the values of a run may have an order of their own`() throws {
    let template = SQLTemplate(taking: ["id", "at"], "SELECT \(parameter: "at") - \(parameter: "id")")
    #expect(template.text == "SELECT ?2 - ?1")
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    #expect(try scratch.database.makeReader().integer(template, with: 1, 10) == 9)
  }

  /// A draft has a slot for a computed column, which nothing stores: in between, and at the end.
  @Test func `a row that is bound whole may hold more than is named, where that is said`() throws {
    let template = SQLTemplate(
      taking: ["id", "computed", "text", "overdue"], unused: ["computed", "overdue"],
      "SELECT \(parameter: "id") || \(parameter: "text")")
    #expect(template.text == "SELECT ?1 || ?3")
    #expect(template.valueCount == 4)
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    #expect(try reader.text(template, with: "a", "b", "c", "d") == "ac")
    let error = #expect(throws: SQLError.self) { try reader.text(template, with: "a", "b", "c") }
    #expect(error?.kind == .misuse)
  }

  @Test func `fragments with parameters compose, and the numbers follow`() {
    let condition: SQLFragment = "start_date >= \(parameter: "from") AND start_date < \(parameter: "to")"
    let parts = ["one", "two"].map { "SELECT count(*) FROM \(raw: $0) WHERE \(condition)" as SQLFragment }
    let template = SQLTemplate("SELECT \(parameter: "name"), \(parts.joined(separator: " + "))")
    #expect(
      template.text == """
        SELECT ?1, SELECT count(*) FROM one WHERE start_date >= ?2 AND start_date < ?3 \
        + SELECT count(*) FROM two WHERE start_date >= ?2 AND start_date < ?3
        """)
    #expect(template.valueCount == 3)
  }

  @Test(arguments: [
    ([] as [Int], "0 values were given, 2 expected: SELECT ?1 + ?2"),
    ([1], "1 values were given, 2 expected: SELECT ?1 + ?2"),
    ([1, 2, 3], "3 values were given, 2 expected: SELECT ?1 + ?2"),
  ])
  func `missing and surplus values are a fault, and nothing runs`(values: [Int], detail: String) throws {
    let template = SQLTemplate("SELECT \(parameter: "a") + \(parameter: "b")")
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let error = #expect(throws: SQLError.self) { try reader.integer(template, Values(values)) }
    #expect(error?.kind == .misuse)
    #expect(error?.detail == detail)
    #expect(try reader.integer(template, with: 3, 4) == 7)
  }

  @Test func `a template that contradicts itself refuses to run and says why`() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let id = 7
    for (template, fault) in [
      (SQLTemplate(taking: ["id"], "SELECT \(parameter: "name")"), "nothing names the value \"id\""),
      (SQLTemplate(taking: [], "SELECT \(parameter: "name")"), "no value is called \"name\""),
      (SQLTemplate(taking: ["id", "id"], "SELECT \(parameter: "id")"), "two values have one name"),
      (SQLTemplate(taking: ["id"], unused: ["id"], "SELECT \(parameter: "id")"), "the unused value \"id\" is named"),
      (SQLTemplate("SELECT \(id) + \(parameter: "a")"), "a template binds a value: it needs a parameter"),
    ] {
      let error = #expect(throws: SQLError.self, "\(template.text)") { try reader.integer(template, with: 1) }
      #expect(error?.kind == .misuse)
      #expect(error?.detail == "\(fault): \(template.text)")
    }
  }

  @Test func `what the engine refuses to bind is an error`() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let template = SQLTemplate("SELECT \(parameter: "n") UNION ALL SELECT 2")
    // Its statement runs already: SQLite binds nothing to it.
    #expect(throws: SQLError.self) {
      try reader.query(template, with: 1) { _ in
        try reader.query(template, with: 2) { _ in true }
        return true
      }
    }
    #expect(try reader.integer(template, with: 3) == 3)
  }
}
