package import SQL

/// The SQL that is specific to SQLite, one function per construct; no other file writes it.
///
/// Functions take and return fragments, so that a bound value or a template's parameter may stand anywhere. Expressions passed in are made
/// of declared names.
package enum Dialect {
  // MARK: Truth

  /// A condition that always holds.
  package static let always: SQLFragment = "1"
  /// A condition that never holds.
  package static let never: SQLFragment = "0"

  /// Equality in which null equals null and differs from every value.
  package static func isSame(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "\(one) IS \(other)" }

  /// The opposite of `isSame`.
  package static func differs(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "\(one) IS NOT \(other)" }

  // MARK: Numbers

  /// `CAST` to an integer: a real is truncated, text counts as its longest numeric prefix.
  package static func integer(_ value: SQLFragment) -> SQLFragment { "CAST(\(value) AS INTEGER)" }

  /// A real rounded to `decimals` places.
  package static func rounded(_ value: SQLFragment, _ decimals: Int) -> SQLFragment { "round(\(value), \(raw: String(decimals)))" }

  /// A real as an integer number of parts of one, such as billionths: adding and subtracting it leaves no remainder.
  package static func parts(_ scale: Int, of value: SQLFragment) -> SQLFragment { integer("round(\(value) * \(raw: String(scale)))") }

  /// The remainder of a real beyond `parts`, in the same unit.
  package static func rest(beyond scale: Int, of value: SQLFragment) -> SQLFragment {
    "\(value) * \(raw: String(scale)) - round(\(value) * \(raw: String(scale)))"
  }

  /// The lesser of two; null if either is null.
  static func least(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "min(\(one), \(other))" }

  /// The greater of two; null if either is null.
  package static func greatest(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "max(\(one), \(other))" }

  /// The number in a record id such as `evt_0hk3v9q2m7x8a`; null for any other text.
  static func recordNumber(_ id: SQLFragment) -> SQLFragment { "record_number(\(id))" }

  // MARK: Text

  /// Whether a text contains another that is already folded, ignoring case and diacritics.
  static func foldedContains(_ text: SQLFragment, _ folded: SQLFragment) -> SQLFragment { "folded_contains(\(text), \(folded))" }

  /// A text without case and diacritics: the sort key of names.
  package static func folded(_ text: SQLFragment) -> SQLFragment { "folded(\(text))" }

  /// Whether a text contains another, byte by byte.
  static func contains(_ text: SQLFragment, _ part: SQLFragment) -> SQLFragment { "instr(\(text), \(part)) > 0" }

  /// Whether a text matches a pattern with `%` and `_`; backslash escapes them. Ignores the case of ASCII letters.
  package static func like(_ text: SQLFragment, _ pattern: SQLFragment) -> SQLFragment { "\(text) LIKE \(pattern) ESCAPE '\\'" }

  // MARK: Order

  /// A key of ORDER BY. Nulls come first ascending and last descending, as if null were less than every value: SQLite's order, which the
  /// keyset of a list counts on.
  package static func order(by key: SQLFragment, isDescending: Bool) -> SQLFragment { isDescending ? "\(key) DESC" : key }

  /// Whether `key` comes strictly after `value` in that order; `nil` when nothing can.
  package static func comesAfter(_ value: Cell, _ key: SQLFragment, isDescending: Bool, isNullable: Bool) -> SQLFragment? {
    if value.isNull { return isDescending ? nil : "\(key) IS NOT NULL" }
    guard isDescending else { return "\(key) > \(value)" }
    return isNullable ? "(\(key) < \(value) OR \(key) IS NULL)" : "\(key) < \(value)"
  }

  // MARK: JSON arrays and objects, stored as text

  /// A table with one row per element of an array; see `element` and `position`.
  package static func elements(of array: SQLFragment, as alias: String) -> SQLFragment { "json_each(\(array)) \(raw: alias)" }

  /// An element of the table `alias`: its text or number, or the JSON of an object.
  package static func element(_ alias: String) -> SQLFragment { SQLFragment(raw: "\(alias).value") }

  /// The position of an element of the table `alias`, from 0.
  package static func position(_ alias: String) -> SQLFragment { SQLFragment(raw: "\(alias).key") }

  /// A member of an object: its text or number; null if it is missing.
  package static func member(_ name: String, of object: SQLFragment) -> SQLFragment { "json_extract(\(object), '$.\(raw: name)')" }

  // MARK: Writing

  /// Ends an INSERT that keeps an existing row with the same key.
  static let orLeave: SQLFragment = " ON CONFLICT DO NOTHING"

  /// Ends an INSERT that updates an existing row with the same key (upsert).
  ///
  /// - Parameters:
  ///   - key: the columns of the unique key.
  ///   - changes: assignments; `excluded` is the row to be inserted.
  static func orChange(_ key: [String], _ changes: [String]) -> SQLFragment {
    SQLFragment(raw: " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changes.joined(separator: ", "))")
  }

  /// A template that inserts a row, or updates the one with the same key; takes the values in the order of `columns`.
  package static func store(in table: String, key: [String], columns: [String]) -> SQLTemplate {
    let values = columns.map { "\(parameter: $0)" as SQLFragment }.joined(separator: ", ")
    let changes = columns.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }
    return SQLTemplate(
      "INSERT INTO \(raw: table) (\(raw: columns.joined(separator: ", "))) VALUES (\(values))\(orChange(key, changes))")
  }

  /// Begins a read transaction; its snapshot starts with the first read.
  package static let begin = SQLTemplate("BEGIN")
  static let beginWriting = SQLTemplate("BEGIN IMMEDIATE")
  static let commit = SQLTemplate("COMMIT")
  static let rollback = SQLTemplate("ROLLBACK")

  /// Begins a part of a transaction that can be undone alone.
  static let savepoint = SQLTemplate("SAVEPOINT part")
  /// Undoes everything since `savepoint`, which stays open until released.
  static let undoToSavepoint = SQLTemplate("ROLLBACK TO part")
  static let releaseSavepoint = SQLTemplate("RELEASE part")

  // MARK: Planner hints

  /// Marks a condition that few rows meet, so that the planner uses an index on it.
  static func rare(_ condition: SQLFragment) -> SQLFragment { "unlikely(\(condition))" }

  /// Keeps the planner from using an index on the column (unary `+`).
  package static func unindexed(_ column: SQLFragment) -> SQLFragment { "+\(column)" }

  /// Follows a table: the index that the planner must use. A missing index is an error.
  static func using(index name: String) -> SQLFragment { " INDEXED BY \(raw: name)" }

  /// A join in the order written: the left table is the outer loop.
  static let joinInOrder = "CROSS JOIN"

  // MARK: Schema

  /// 1 if the database has no tables, else 0.
  static let isEmptyDatabase = SQLTemplate("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)")

  /// The number of tables of this name: 1 or 0.
  static let hasTable = SQLTemplate("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = \(parameter: "name")")
}
