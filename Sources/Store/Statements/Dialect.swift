package import SQL

/// What SQLite says in its own way: one word each, and no statement says it without this room.
///
/// A word takes and gives fragments, so that a bound value or a template's parameter may stand anywhere in it. Expressions that come in are
/// of declared names.
package enum Dialect {
  // MARK: Truth

  /// A condition that always holds.
  package static let always: SQLFragment = "1"
  /// A condition that never holds.
  package static let never: SQLFragment = "0"

  /// Equality that takes two nulls for the same; a null and a value differ.
  package static func isSame(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "\(one) IS \(other)" }

  /// The opposite of `isSame`.
  package static func differs(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "\(one) IS NOT \(other)" }

  // MARK: Numbers

  package static func integer(_ value: SQLFragment) -> SQLFragment { "CAST(\(value) AS INTEGER)" }

  /// A real with at most so many decimals.
  package static func rounded(_ value: SQLFragment, _ decimals: Int) -> SQLFragment { "round(\(value), \(raw: String(decimals)))" }

  /// A real in whole parts of one, such as ten-thousandths: what is added so, and taken away again, leaves nothing behind.
  package static func parts(_ scale: Int, of value: SQLFragment) -> SQLFragment { integer("round(\(value) * \(raw: String(scale)))") }

  /// What a real has beyond `parts`, in the same parts of one.
  package static func rest(beyond scale: Int, of value: SQLFragment) -> SQLFragment {
    "\(value) * \(raw: String(scale)) - round(\(value) * \(raw: String(scale)))"
  }

  /// The lesser of two; null where one of them is.
  static func least(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "min(\(one), \(other))" }

  /// The greater of two; null where one of them is.
  package static func greatest(_ one: SQLFragment, _ other: SQLFragment) -> SQLFragment { "max(\(one), \(other))" }

  /// The number that an id as text stands for; null for any other text.
  static func recordNumber(_ id: SQLFragment) -> SQLFragment { "record_number(\(id))" }

  // MARK: Text

  /// Whether a text, without case and marks, holds another that is folded already.
  static func foldedContains(_ text: SQLFragment, _ folded: SQLFragment) -> SQLFragment { "folded_contains(\(text), \(folded))" }

  /// A text without case and marks, as a reader sorts.
  package static func folded(_ text: SQLFragment) -> SQLFragment { "folded(\(text))" }

  /// Whether a text fits a pattern with `%` and `_`, which a backslash makes letters of; ASCII letters ignore case.
  package static func like(_ text: SQLFragment, _ pattern: SQLFragment) -> SQLFragment { "\(text) LIKE \(pattern) ESCAPE '\\'" }

  // MARK: JSON arrays and objects, stored as text

  /// A table of an array's elements, a row each: see `element`, `position`.
  package static func elements(of array: SQLFragment, as alias: String) -> SQLFragment { "json_each(\(array)) \(raw: alias)" }

  /// An element of the table `alias`: its text or number, or the JSON of an object.
  package static func element(_ alias: String) -> SQLFragment { SQLFragment(raw: "\(alias).value") }

  /// Where an element of the table `alias` stands, from 0.
  package static func position(_ alias: String) -> SQLFragment { SQLFragment(raw: "\(alias).key") }

  /// A member of an object: its text or number; null where it is missing.
  package static func member(_ name: String, of object: SQLFragment) -> SQLFragment { "json_extract(\(object), '$.\(raw: name)')" }

  // MARK: Writing

  /// Ends an INSERT that leaves a row alone whose key is there already.
  static let orLeave: SQLFragment = " ON CONFLICT DO NOTHING"

  /// Ends an INSERT that changes the row whose key is there already.
  ///
  /// - Parameters:
  ///   - key: the columns of the unique key.
  ///   - changes: assignments, where `excluded` is the row that was to be inserted.
  static func orChange(_ key: [String], _ changes: [String]) -> SQLFragment {
    SQLFragment(raw: " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changes.joined(separator: ", "))")
  }

  /// A template that inserts a row or replaces the one whose key is there; it takes the columns' values in their order.
  package static func store(in table: String, key: [String], columns: [String]) -> SQLTemplate {
    let values = columns.map { "\(parameter: $0)" as SQLFragment }.joined(separator: ", ")
    let changes = columns.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }
    return SQLTemplate(
      "INSERT INTO \(raw: table) (\(raw: columns.joined(separator: ", "))) VALUES (\(values))\(orChange(key, changes))")
  }

  package static let begin = SQLTemplate("BEGIN")
  static let beginWriting = SQLTemplate("BEGIN IMMEDIATE")
  static let commit = SQLTemplate("COMMIT")
  static let rollback = SQLTemplate("ROLLBACK")

  /// A part of a transaction that can be undone alone.
  static let savepoint = SQLTemplate("SAVEPOINT part")
  /// Undoes what was done since `savepoint`, which stands until it is released.
  static let undoToSavepoint = SQLTemplate("ROLLBACK TO part")
  static let releaseSavepoint = SQLTemplate("RELEASE part")

  // MARK: What the planner is told

  /// A condition that few rows meet: an index on it is worth while.
  static func rare(_ condition: SQLFragment) -> SQLFragment { "unlikely(\(condition))" }

  /// A column that no index is looked up by.
  package static func unindexed(_ column: SQLFragment) -> SQLFragment { "+\(column)" }

  /// Joins the table on its right in this order: for each row on the left, what is there on the right.
  static let joinInOrder = "CROSS JOIN"

  // MARK: Schema

  /// Whether nothing has been made in a database.
  static let isEmptyDatabase = SQLTemplate("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)")

  /// How many tables have a name: 1 or 0.
  static let hasTable = SQLTemplate("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = \(parameter: "name")")
}
