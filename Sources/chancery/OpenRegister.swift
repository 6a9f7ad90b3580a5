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
  /// The program's own, in order.
  static var ofProgram: [Migration] { Assets.migrations.compactMap { Migration(file: $0.name + ".sql", sql: $0.sql) } }
}

/// A register that is ready to answer: its database brought up to date, with what a new one comes with.
///
/// `chancery serve` puts a server before it; tests ask it in process, so that both run the same register.
package struct OpenRegister: Sendable {
  package let register: Register
  /// The settings of the server that is to answer for it.
  package let serving: ServerConfiguration
  /// How many records of the demo register were made; `nil` when it was not asked for, or when there were events already.
  let demo: Int?
  private let database: SQLiteDatabase

  /// - Parameter log: takes what fails behind the answers.
  /// - Throws: `UsageError` for a viewer that is not there; what `SQLiteDatabase` refuses.
  init(_ configuration: Configuration, log: Log) async throws {
    var settings = configuration.register
    settings.docsViewer = try Self.viewer(in: configuration.docsViewerPath)
    settings.spoolFolder = Self.folder(of: configuration.database.path)
    try FileManager.default.createDirectory(atPath: settings.spoolFolder, withIntermediateDirectories: true)
    serving = configuration.server
    database = try SQLiteDatabase(configuration.database, migrations: Migration.ofProgram)
    register = try Register(database, settings, index: Self.index(of: database, settings.search), log: log)
    try await register.seed()
    try await register.markInterruptedImports()
    try await register.checkRollups()
    demo = configuration.loadsDemo ? try await register.loadDemo() : nil
  }

  /// - Parameters:
  ///   - flags: those of `chancery serve`, such as `--demo`; neither file nor environment is read.
  ///   - log: takes what fails behind the answers.
  /// - Throws: `UsageError` for a flag that is none; what `SQLiteDatabase` refuses.
  package init(flags: [String], log: Log) async throws {
    let arguments = try CommandLineArguments(["serve"] + flags)
    try await self.init(ConfigurationReader(flags: arguments.flags).configuration, log: log)
  }

  /// Ends what goes on behind the answers, and closes the database.
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

  /// Beside the database, under its name and `-search`.
  private static func index(of database: SQLiteDatabase, _ search: SearchConfiguration) -> SQLiteDerivedFile? {
    search.isEnabled ? SQLiteDerivedFile(of: database.configuration, suffix: "-search", cacheKiB: search.cacheKiB) : nil
  }

  /// The folder of a file.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
