internal import Formats
internal import HTTP
package import SQL

/// What a list is asked for: parsed, typed and complete, before any SQL.
package struct ListQuery {
  package enum Count: String, CaseIterable, Sendable {
    case none, capped, exact
  }

  /// A relation that is embedded in each record, and what is embedded in its records.
  package struct Inclusion {
    package let relation: Relation
    package var nested: [Inclusion] = []
  }

  /// How values are shown: nothing of it changes which records there are.
  package struct Form: Sendable {
    /// Nested fields are columns of their own (`flatten=true`).
    package var isFlat = false
    /// Moments are Unix milliseconds, and days those of their first (`time_format=epoch_ms`).
    package var isEpoch = false
    /// A spreadsheet takes no cell for a formula (`csv_safe=true`).
    package var isCSVSafe = false
    /// Nested records of a field that have columns in flat CSV.
    package var flattened = QueryLimits().flattened

    package init() {}
  }

  package struct SortKey {
    package let column: Column
    package let isDescending: Bool

    package init(column: Column, isDescending: Bool) {
      self.column = column
      self.isDescending = isDescending
    }
  }

  package let resource: Resource
  /// All of these must hold.
  package private(set) var conditions: [Filter] = []
  /// Codes of stakeholders: each group must take part with at least one of its members.
  package var participants: [[String]] = []
  package var from: String?
  package var to: String?
  package var sort: [SortKey] = []
  package var columns: [Column] = []
  package var includes: [Inclusion] = []
  package var form = Form()
  package var limits = QueryLimits()
  package var limit = ListQuery.defaultLimit
  /// Whether the limit was asked for; a whole list has none otherwise.
  package var hasLimit = false
  package var offset = 0
  package var count = Count.none
  package var asOf: Int64?
  /// What is searched for.
  package var match: Match?
  /// Whether it asks for something `now`, to the millisecond: the same words mean something else a moment later.
  package var isMomentary = false
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
    /// Whether what the index holds by now will do.
    package var isStaleAllowed = false
  }

  /// The best match comes first: what is searched for without an order.
  package var isRanked: Bool { match != nil && sort.isEmpty }

  /// The order of the index itself.
  package var isInIndexOrder: Bool { match != nil && sort.count == 1 && sort[0].column.kind == .period }

  /// How many values a cursor has.
  var cursorCount: Int { isRanked ? 2 : isInIndexOrder ? 1 : sort.count + 1 }

  /// Narrows the list. Who must take part is kept apart from the other conditions: an index can lead with it.
  package mutating func add(_ filter: Filter) {
    switch filter {
    case .all(let parts): for part in parts { add(part) }
    case .participation(let codes): participants.append(codes)
    default: conditions.append(filter)
    }
  }

  /// Leaves these conditions, and none on days.
  package mutating func leave(_ rest: [Filter]) { (conditions, from, to) = (rest, nil, nil) }

  /// A list below a record: `/v1/events/{id}/outcomes`.
  package struct Scope {
    package enum Members: Sendable {
      /// The records that refer to one by this relation.
      case related(Relation)
      /// The one record with this number.
      case record
    }

    package let members: Members
    /// What is referred to, or the record's number.
    package let key: Values
    /// Tells this scope from all others: the path.
    package let name: String

    package init(_ members: Members, key: Values, name: String) {
      self.members = members
      self.key = key
      self.name = name
    }
  }
}

extension Column {
  /// Whether a list sorts it without case and marks: text for people, and not codes and numbers.
  package var isFolded: Bool { kind == .text }
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
    // Of an element; `ne` and `nin` mean that no element is it.
    case .list: [.has, .eq, .ne, .in, .nin, .null] + (column.element.map(patterns) ?? [])
    case .records, .object: [.null]
    }
  }

  private static func patterns(_ element: Column) -> [Operator] { allowed(for: element).filter(\.isPattern) }
}
