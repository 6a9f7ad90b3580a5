/// One step of the schema: `NNNN_name.sql`, applied once, in order, in a transaction of its own.
package struct Migration: Sendable, Equatable {
  /// Position in the sequence: the four digits of the file name.
  package let number: Int
  /// The file name without number and suffix, such as `dyad_rollup`.
  package let name: String
  /// The whole file: one or more statements.
  package let sql: String

  /// Returns `nil` for a file name of another form.
  ///
  /// - Parameters:
  ///   - file: a name such as `0007_dyad_rollup.sql`.
  ///   - sql: the file's text.
  package init?(file: String, sql: String) {
    guard file.hasSuffix(".sql"), let number = Int(file.prefix(4)), file.dropFirst(4).first == "_" else { return nil }
    self.number = number
    self.name = String(file.dropFirst(5).dropLast(4))
    self.sql = sql
  }

  /// FNV-1a over the text: 64 bits as 16 hex digits. Detects an edited file; no defence against an attacker.
  package var checksum: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in sql.utf8 {
      hash ^= UInt64(byte)
      hash = hash &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// A database's schema compared with the program's migrations.
package enum MigrationState: Equatable, Sendable {
  /// All migrations are applied.
  case current
  /// The numbers still to be applied, in order.
  case pending([Int])
}

/// Why the program refuses to open a database; the file is left unchanged.
package enum MigrationRefusal: Error, Equatable, CustomStringConvertible {
  /// The text of an applied migration has changed.
  case changed(number: Int, name: String)
  /// The database has a migration, below the program's last, that the program lacks.
  case missing(number: Int, name: String)
  /// A newer program has migrated the database.
  case newer(database: Int, program: Int)
  /// A pending migration has a lower number than an applied one.
  case outOfOrder(number: Int, name: String)
  /// The file is another program's database.
  case foreign(applicationID: Int64)

  /// The reason and what to do about it, for the operator.
  package var description: String {
    switch self {
    case .changed(let number, let name):
      "migration \(number) (\(name)) has changed since it was applied to this database; a new step is a new file"
    case .missing(let number, let name):
      "this database has migration \(number) (\(name)), which this program does not know"
    case .newer(let database, let program):
      "this database is at migration \(database), but the program knows only \(program): use a newer program"
    case .outOfOrder(let number, let name):
      "migration \(number) (\(name)) comes before one that this database has already; new steps take the next number"
    case .foreign(let id):
      "the file is a database of another program (application_id \(id)), not a register"
    }
  }
}

extension Migration {
  /// Compares the applied migrations with the program's.
  ///
  /// - Parameters:
  ///   - applied: number, name and checksum of each migration in the database, by number.
  ///   - known: the program's migrations, by number.
  /// - Throws: the first contradiction found; never `.foreign`.
  package static func compare(
    applied: [(number: Int, name: String, checksum: String)], known: [Migration]
  ) throws(MigrationRefusal) -> MigrationState {
    let newest = known.last?.number ?? 0
    if let last = applied.last, last.number > newest { throw .newer(database: last.number, program: newest) }
    for step in applied {
      guard let ours = known.first(where: { $0.number == step.number }) else {
        throw .missing(number: step.number, name: step.name)
      }
      guard ours.checksum == step.checksum else { throw .changed(number: step.number, name: step.name) }
    }
    let done = Set(applied.map(\.number))
    let open = known.filter { !done.contains($0.number) }
    if let late = open.first(where: { $0.number < (applied.last?.number ?? 0) }) {
      throw .outOfOrder(number: late.number, name: late.name)
    }
    return open.isEmpty ? .current : .pending(open.map(\.number))
  }
}
