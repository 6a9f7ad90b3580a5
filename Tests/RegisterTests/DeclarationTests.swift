import Assets
import HTTP
import Records
import SQL
import SQLite
import Service
import Store
import TestSupport
import Testing

/// What is declared, against what the migrations made and what the tables of codes hold.
@Suite struct DeclarationTests {
  private struct TableColumn: Equatable {
    let name: String
    let isNotNull: Bool
    let isKey: Bool
  }

  private let scratch: MigratedDatabase
  init() throws { scratch = try MigratedDatabase() }

  private func columns(of table: String) throws -> [TableColumn] {
    var columns: [TableColumn] = []
    try scratch.reader.query(SQLFragment(raw: "SELECT name, \"notnull\", pk FROM pragma_table_info('\(table)')")) { row in
      columns.append(TableColumn(name: row[0].string, isNotNull: row[1].integer == 1, isKey: row[2].integer > 0))
      return true
    }
    return columns
  }

  @Test(arguments: Catalogue.shared.all.map(\.name))
  func `a table has the stored columns of its resource, and its history has them too`(name: String) throws {
    let resource = try #require(Catalogue.shared[name])
    let stored = resource.columns.filter { !$0.isComputed }
    let table = try columns(of: name)
    #expect(Set(table.map(\.name)) == Set(stored.map(\.name)))
    #expect(table.first == TableColumn(name: "id", isNotNull: false, isKey: true))
    // A migration that adds a column adds it behind those of the history.
    let history = try columns(of: name + "_history").map(\.name)
    #expect(Set(history) == Set(table.map(\.name) + ["ended_at", "ended_seq", "ended_by"]) && history.count == table.count + 3)
    for column in stored where column.name != "id" {
      // What the keyset takes to be always there must be; what is required, too.
      let isNotNull = table.first { $0.name == column.name }?.isNotNull
      if !column.isNullable { #expect(isNotNull == true, "\(column.name) may be null in the table, and the keyset thinks not") }
      if column.isNullable, isNotNull == true { #expect(column.isReadOnly || derived.contains("\(name).\(column.name)"), "\(column.name)") }
    }
  }

  /// Nullable in a body and filled by the resource's rules.
  private let derived: Set<String> = [
    "events.date_precision", "events.date_approximate", "imports.counts", "imports.warnings", "assessments.probability",
    "assessments.likelihood",
  ]

  @Test(arguments: Catalogue.shared.all.map(\.name))
  func `every word, reference and target of a field exists`(name: String) throws {
    let resource = try #require(Catalogue.shared[name])
    for column in resource.columns { check(column, of: name) }
    #expect(resource.columns.count <= 64)
    #expect(resource.column(String(resource.defaultSort.drop { $0 == "-" }))?.isSortable == true)
    if let parent = resource.parent {
      #expect(Catalogue.shared[parent.resource] != nil)
      #expect(resource.column(parent.field)?.targets == [parent.resource])
    }
  }

  private func check(_ column: Column, of resource: String) {
    if column.kind == .word { #expect(column.vocabulary?.words.isEmpty == false, "\(resource).\(column.name)") }
    for target in column.targets { #expect(Catalogue.shared[target] != nil, "\(resource).\(column.name): \(target)") }
    if column.kind == .handleOf {
      #expect(column.targets.first.flatMap { Catalogue.shared[$0]?.handle } != nil, "\(resource).\(column.name)")
    }
    if let initial = column.field.initial, let words = column.vocabulary {
      #expect(words.words.contains(initial), "\(resource).\(column.name)")
    }
    if let example = column.field.example, let words = column.vocabulary {
      #expect(words.words.contains(example), "\(resource).\(column.name)")
    }
    column.element.map { check($0, of: resource) }
    for part in column.parts { check(part, of: resource) }
  }

  @Test func `prefixes and paths are distinct`() {
    let all = Catalogue.shared.all
    #expect(Set(all.map { "\($0.prefix)" }).count == all.count)
    #expect(all.allSatisfy { "\($0.prefix)".count == 3 })
    #expect(Set(all.map(\.path)).count == all.count)
  }

  @Test func `the code tables name only what exists`() throws {
    let tables = ReferenceTables.shared
    #expect(tables.countries.count == 249)
    let regions = try #require(Vocabularies.shared["region"])
    for country in tables.countries where !country.region.isEmpty { #expect(regions.words.contains(country.region), "\(country.code)") }
    let (types, plover, modes) = (
      try #require(Vocabularies.shared["event_type"]), try #require(Vocabularies.shared["plover_type"]),
      try #require(Vocabularies.shared["event_mode"])
    )
    for code in tables.cameo {
      #expect(types.words.contains(code.type), "\(code.code)")
      #expect(code.ploverType.map { plover.words.contains($0) } ?? true, "\(code.code)")
      #expect(code.mode.map { modes.words.contains($0) } ?? true, "\(code.code)")
      #expect(code.quadClass.map { (1...4).contains($0) } ?? true, "\(code.code)")
      #expect(code.goldstein.map { (-10...10).contains($0) } ?? true, "\(code.code)")
    }
  }
}

extension Draft {
  /// A draft of fields as text, for tests; complete unless it is a change.
  convenience init(_ resource: String, _ fields: [String: String], isComplete: Bool = true) {
    self.init(Catalogue.shared.required(resource))
    let reader = DraftReader()
    for (field, text) in fields.sorted(by: { $0.key < $1.key }) { reader.set(field, text: text, in: self) }
    if isComplete { complete() }
  }
}

/// An empty register's database.
final class MigratedDatabase: Sendable {
  private let folder: TemporaryFolder
  private let database: SQLiteDatabase

  convenience init() throws { try self.init(TemporaryFolder()) }

  /// A database with the records of a new register, and nobody who works on it beside the test.
  static func seeded() async throws -> MigratedDatabase {
    let first = try MigratedDatabase()
    try await first.register().seed()
    first.database.close()
    return try MigratedDatabase(first.folder)
  }

  private init(_ folder: TemporaryFolder) throws {
    self.folder = folder
    let migrations = Assets.migrations.compactMap { Migration(file: $0.name + ".sql", sql: $0.sql) }
    database = try SQLiteDatabase(.init(path: folder.path + "/register.db"), migrations: migrations)
  }

  var reader: any Connection { get throws { try database.makeReader() } }

  func write<Result: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result {
    try await database.write(body)
  }

  /// The register over it, without a search index.
  func register() throws -> Register { try Register(database, RegisterConfiguration(), log: Log(nil)) }

  /// Runs statements on a connection beside that of the register.
  func change(_ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/register.db", role: .writer, cacheKiB: 1_024, mapMiB: 0).run(sql)
  }

  /// Lets the rollups take in every change.
  func catchUp() async throws {
    let rollups = Rollups(log: Log(nil))
    while try await write({ try rollups.follow($0.connection, upTo: $0.committedSeq, isQuiet: true, atMost: 1_000) }) > 0 {}
  }
}
