internal import Formats
internal import HTTP
package import SQL

/// What a list is asked for: parsed, typed and complete, before any SQL.
package struct ListQuery {
  package enum Count: String, CaseIterable, Sendable {
    case none, capped, exact
  }

  package struct Condition {
    package let column: Column
    /// The part of a nested record (`participants.role`).
    package let part: Column?
    package let op: Operator
    /// One value for most operators, two for `between`, any number for `in` and `nin`.
    package let values: Values
  }

  package struct SortKey {
    package let column: Column
    package let isDescending: Bool
  }

  package let resource: Resource
  package var conditions: [Condition] = []
  /// Codes of stakeholders: each group must take part with at least one of its members.
  package var participants: [[String]] = []
  package var from: String?
  package var to: String?
  package var sort: [SortKey] = []
  package var columns: [Column] = []
  package var includes: [Relation] = []
  package var limit = ListQuery.defaultLimit
  /// Whether the limit was asked for; a whole list has none otherwise.
  package var hasLimit = false
  package var offset = 0
  package var count = Count.none
  package var asOf: Int64?
  /// What is searched for.
  package var match: Match?
  /// The values of the last row of the page before, in the order of `sort` and then the id.
  package var after: Values?
  /// What a nested list is about.
  package var scope: Scope?
  /// The parts of the query that a cursor is bound to.
  package var shape: [UInt8] = []

  package static let defaultLimit = 50
  package static let maxLimit = 1_000
  /// Deeper than that a cursor is the way.
  package static let maxOffset = 100_000

  package init(_ resource: Resource) { self.resource = resource }

  /// The words that the records of a list hold.
  package struct Match {
    package let terms: SearchTerms
    package let part: SearchLayout.Part
    /// Whether what the index holds by now will do.
    package var isStaleAllowed = false
  }

  /// The best match comes first: what is searched for without an order.
  package var isRanked: Bool { match != nil && sort.isEmpty }

  /// The order of the index itself.
  var isInIndexOrder: Bool { match != nil && sort.count == 1 && sort[0].column.kind == .period }

  /// How many values a cursor has.
  var cursorCount: Int { isRanked ? 2 : isInIndexOrder ? 1 : sort.count + 1 }

  /// A list below a record: `/v1/events/{id}/outcomes`.
  package struct Scope {
    package let sql: String
    package let key: Values
    /// Tells this scope from all others: the path.
    package let name: String
  }
}

/// What a filter may do: `field__op=value`.
package enum Operator: String, CaseIterable, Sendable {
  case eq, ne, gt, gte, lt, lte, `in`, nin, between, like, prefix, contains, null, has

  /// What makes sense for a column; anything else is a 400 that says so.
  package static func allowed(for column: Column) -> [Operator] {
    switch column.kind {
    case .text, .url, .handle: [.eq, .ne, .gt, .gte, .lt, .lte, .in, .nin, .between, .like, .prefix, .contains, .null]
    case .word, .handleOf: [.eq, .ne, .in, .nin, .gt, .gte, .lt, .lte, .between, .like, .prefix, .contains, .null]
    case .integer, .real, .date, .period, .timestamp: [.eq, .ne, .gt, .gte, .lt, .lte, .in, .nin, .between, .null]
    case .boolean, .reference, .target: [.eq, .ne, .in, .nin, .null]
    case .list: [.has, .eq, .in, .null]
    case .records, .object: [.null]
    }
  }
}
