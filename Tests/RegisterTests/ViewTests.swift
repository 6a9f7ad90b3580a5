import Assets
import Formats
import Records
import SQL
import SQLite
import Service
import TestSupport
import Testing

/// The views for SQL tools, against the declarations and the page that documents them.
@Suite struct ViewTests {
  private let folder: TemporaryFolder
  private let connection: SQLiteConnection

  init() throws {
    folder = try TemporaryFolder()
    connection = try SQLiteConnection(path: folder.path + "/register.db", role: .writer, cacheKiB: 1_024, mapMiB: 0)
    for migration in Assets.migrations { try connection.run(migration.sql) }
    // The views as other programs see them, and rows that refer to nothing.
    try connection.run("PRAGMA trusted_schema=ON; PRAGMA foreign_keys=OFF")
  }

  private func texts(_ sql: String) throws -> [String] {
    var texts: [String] = []
    try connection.query(SQLFragment(raw: sql)) { row in
      texts.append(row[0].string)
      return true
    }
    return texts
  }

  private func columns(of view: String) throws -> [String] { try texts("SELECT name FROM pragma_table_info('\(view)')") }

  @Test(arguments: Catalogue.shared.all.map(\.name))
  func `a resource's view has its fields, in their order, and behind them the number of each id`(name: String) throws {
    let resource = try #require(Catalogue.shared[name])
    let ids = resource.columns.filter { $0.name == "id" || $0.kind == .reference || $0.kind == .target }
    let view = try columns(of: "v_\(name)")
    #expect(Array(view.prefix(resource.columns.count)) == resource.columns.map(\.name), "a new field belongs into v_\(name), too")
    #expect(Set(view.dropFirst(resource.columns.count)) == Set(ids.map { "\($0.name)_key" }))
  }

  @Test func `docs/sql.md names every view and its columns`() throws {
    let page = try #require(contents(of: repositoryRoot() + "/docs/sql.md").map { String(decoding: $0, as: UTF8.self) })
    let views = try texts("SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v!_%' ESCAPE '!'")
    #expect(views.count == 15)
    for view in views {
      // | `v_events` | what | `id`, `title` … |
      let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(view)` |") }
      let named = (row?.split(separator: "|").last { $0.contains("`") } ?? "").split(separator: "`", omittingEmptySubsequences: false)
      let told = named.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      #expect(try told == columns(of: view), "\(view)")
    }
  }

  /// Numbers with every digit at every place, the smallest and the largest among them.
  @Test func `an id in a view is that of the API, and its number is told from the text`() throws {
    var random = SeededNumbers("view ids")
    let ids = [0, 1, 31, 32, 1 << 60, Int64.max] + (0..<200).map { _ in Int64.random(in: 0...Int64.max, using: &random) }
    let text = ByteBuffer(capacity: 32)
    for (number, id) in ids.enumerated() {
      text.clear()
      text.append(id: id, prefix: "evt")
      let event = text.withView { $0.string }
      try connection.run(
        """
        INSERT INTO perspectives (id, stakeholder, target, kind, statement, version, seq, created_at, updated_at)
          VALUES (\(number), 'x', '\(event)', 'fear', 's', 1, 1, 0, 0);
        INSERT INTO events (id, title, type, status, start_date, date_precision, date_approximate, verification, report_count, version,
          seq, created_at, updated_at) VALUES (\(id), '\(event)', 'visit', 'concluded', '2024-06-18', 'day', 0, 'reported', 1, 1, 1, 0, 0);
        """)
    }
    let right: SQLFragment = """
      SELECT count(*) FROM v_events e JOIN v_perspectives p ON p.target_key = e.id_key
      WHERE e.id = e.title AND p.target = e.title AND p.target_key IS NOT NULL
      """
    #expect(try connection.integer(right) == Int64(ids.count))
  }
}
