import Formats
import Records
import SQL
import Service
import Store
import TestSupport
import Testing

@Suite struct ListSQLTests {
  private let scratch: MigratedDatabase
  init() throws { scratch = try MigratedDatabase() }

  /// The condition of the page after a row with these keys, without the table's alias.
  private func keyset(_ query: String, _ after: [Cell]) throws -> String {
    let seal = CursorSeal(key: "k")
    var list = try query.withByteView { bytes in
      try ListParser(names: StoredNames(scratch.reader)).parse(
        bytes, try #require(Catalogue.shared["events"]), relations: [], cursors: seal)
    }
    let values = Values()
    for cell in after { values.append(cell) }
    list.after = values
    let sql = ListSQL(list).statement.text
    let start = try #require(sql.firstRange(of: " WHERE 1 AND "))
    let end = try #require(sql.firstRange(of: " ORDER BY "))
    return String(sql[start.upperBound..<end.lowerBound]).replacing("r.", with: "")
  }

  private let number = Cell(integer: 7)

  @Test func `keys that are never null and go the same way are compared as one row`() throws {
    #expect(try keyset("sort=start_date", [number, number]) == "(start_date, id) > (?, ?)")
    #expect(try keyset("sort=-start_date,-seq", [number, number, number]) == "(start_date, seq, id) < (?, ?, ?)")
  }

  @Test func `keys of mixed ways are compared one after the other`() throws {
    #expect(
      try keyset("sort=-start_date,title", [number, number, number])
        == "((start_date < ?) OR (start_date IS ? AND folded(title) > ?) OR (start_date IS ? AND folded(title) IS ? AND id > ?))")
  }

  @Test func `nulls come first going up and last going down`() throws {
    #expect(try keyset("sort=country", [number, number]) == "((country > ?) OR (country IS ? AND id > ?))")
    #expect(try keyset("sort=country", [.null, number]) == "((country IS NOT NULL) OR (country IS ? AND id > ?))")
    #expect(try keyset("sort=-country", [number, number]) == "(((country < ? OR country IS NULL)) OR (country IS ? AND id < ?))")
    #expect(try keyset("sort=-country", [.null, number]) == "((country IS ? AND id < ?))")
  }
}
