import SQL
import SQLite

/// `chancery migrate`: shows the database's version, and migrates it while no server uses it.
struct Migrate {
  private let configuration: Configuration
  private let action: String

  init(_ arguments: CommandLineArguments, _ environment: [String: String]) throws {
    action = arguments.words.first ?? "up"
    guard ["status", "up", "check"].contains(action), arguments.words.count <= 1 else {
      throw UsageError("migrate expects status, up or check, not \"\(arguments.words.joined(separator: " "))\"")
    }
    configuration = try ConfigurationReader(flags: arguments.flags, environment: environment).configuration
  }

  func run() throws -> Int32 {
    if action == "up" {
      try SQLiteDatabase(configuration.database, migrations: Migration.ofProgram).close()
      print("up to date: migration \(Migration.ofProgram.last?.number ?? 0)")
      return 0
    }
    let connection = try SQLiteConnection(path: configuration.database.path, role: .reader, cacheKiB: 256, mapMiB: 0)
    switch try Migrator(connection).state(Migration.ofProgram) {
    case .current:
      print("up to date: migration \(Migration.ofProgram.last?.number ?? 0)")
      return 0
    case .pending(let numbers):
      print("pending migrations: \(numbers.map(String.init).joined(separator: ", "))")
      return action == "check" ? 1 : 0
    }
  }
}
