/// One step of the schema: `NNNN_name.sql`, applied once, in order, in a transaction of its own.
package struct Migration: Sendable, Equatable {
  package let number: Int
  package let name: String
  package let sql: String

  /// - Parameter file: a name such as `0007_dyad_rollup.sql`; `nil` is returned for any other form.
  package init?(file: String, sql: String) {
    guard file.hasSuffix(".sql"), let number = Int(file.prefix(4)), file.dropFirst(4).first == "_" else { return nil }
    self.number = number
    self.name = String(file.dropFirst(5).dropLast(4))
    self.sql = sql
  }

  /// FNV-1a over the text, 64 bits as 16 hex digits: tells a changed file, not an attacker.
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

/// Where a database stands against the program's migrations.
package enum MigrationState: Equatable, Sendable {
  /// All of the program's migrations are in; nothing to do.
  case current
  /// These are still to be applied.
  case pending([Int])
}

/// Why a database is not touched.
package enum MigrationRefusal: Error, Equatable, CustomStringConvertible {
  /// An applied migration's text is no longer what it was.
  case changed(number: Int, name: String)
  /// The database has a migration that the program lacks in the middle of its own.
  case missing(number: Int, name: String)
  /// The database has been migrated by a newer program.
  case newer(database: Int, program: Int)
  /// The program has a migration that comes before one that is applied already.
  case outOfOrder(number: Int, name: String)
  /// The file is a database of something else.
  case foreign(applicationID: Int64)

  package var description: String {
    switch self {
    case .changed(let number, let name):
      "migration \(number) (\(name)) has changed since it was applied to this database; a new step is a new file"
    case .missing(let number, let name):
      "this database has migration \(number) (\(name)), which this program does not know"
    case .newer(let database, let program):
      "this database is at migration \(database), the program knows \(program): use a newer program"
    case .outOfOrder(let number, let name):
      "migration \(number) (\(name)) comes before one that this database has already; new steps take the next number"
    case .foreign(let id):
      "the file is a database of another program (application_id \(id)), not a register"
    }
  }
}

extension Migration {
  /// Compares what is applied with what the program has.
  ///
  /// - Parameters:
  ///   - applied: number, name and checksum of what the database holds, in order.
  ///   - known: the program's migrations, in order.
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
