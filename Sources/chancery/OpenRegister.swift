import Assets
import Formats
import FoundationEssentials
package import HTTP
package import HTTPServer
import SQL
import SQLite
package import Service
import Store

extension Migration {
  /// The program's own migrations, in order.
  static var ofProgram: [Migration] { Assets.migrations.compactMap { Migration(file: $0.name + ".sql", sql: $0.sql) } }
}

/// A register ready to answer: its database migrated and, if it is new, seeded.
///
/// `chancery serve` puts a server in front of it; tests ask it in process, so that both run the same register.
package struct OpenRegister: Sendable {
  /// The register, which answers requests through a responder per loop.
  package let register: Register
  /// The settings of its server.
  package let serving: ServerConfiguration
  /// The number of demo records created; `nil` when the demo was not requested or the register had events already.
  let demo: Int?
  private let database: SQLiteDatabase

  /// - Parameter log: receives background failures.
  /// - Throws: `UsageError` for a missing viewer; the errors of `SQLiteDatabase`.
  init(_ configuration: Configuration, log: Log) async throws {
    var settings = configuration.register
    settings.docsViewer = try Self.viewer(in: configuration.docsViewerPath)
    settings.spoolFolder = Self.folder(of: configuration.database.path)
    try FileManager.default.createDirectory(atPath: settings.spoolFolder, withIntermediateDirectories: true)
    serving = configuration.server
    database = try SQLiteDatabase(configuration.database, migrations: Migration.ofProgram)
    Declarations.makeAll()
    register = try Register(database, settings, index: Self.index(of: database, settings.search), log: log)
    try await register.seed()
    try await register.markInterruptedImports()
    try await register.checkRollups()
    demo = configuration.loadsDemo ? try await register.loadDemo() : nil
  }

  /// - Parameters:
  ///   - flags: those of `chancery serve`, such as `--demo`; neither file nor environment is read.
  ///   - log: receives background failures.
  /// - Throws: `UsageError` for an unknown flag; the errors of `SQLiteDatabase`.
  package init(flags: [String], log: Log) async throws {
    let arguments = try CommandLineArguments(["serve"] + flags)
    try await self.init(ConfigurationReader(flags: arguments.flags).configuration, log: log)
  }

  /// Ends background work and closes the database.
  package func close() async {
    await register.close()
    database.close()
  }

  private static func viewer(in folder: String) throws -> DocsViewer? {
    guard !folder.isEmpty else { return nil }
    let files = try [DocsViewer.scriptName, DocsViewer.styleName].map { name in
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
        throw UsageError("docs.viewer_path: there is no \(name) in \(folder)")
      }
      let buffer = ByteBuffer(capacity: bytes.count)
      buffer.append(Array(bytes))
      return buffer
    }
    return DocsViewer(script: files[0], style: files[1])
  }

  /// The index's file: beside the database, under its name and `-search`.
  private static func index(of database: SQLiteDatabase, _ search: SearchConfiguration) -> SQLiteDerivedFile? {
    search.isEnabled ? SQLiteDerivedFile(of: database.configuration, suffix: "-search", cacheKiB: search.cacheKiB) : nil
  }

  /// The folder that contains a file.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
