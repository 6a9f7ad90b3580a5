internal import Formats
internal import HTTP
package import SQL

/// A parsed list query: typed and complete, before any SQL.
package struct ListQuery {
  /// How a list counts its rows (`count=`): not at all, up to 10,000, or exactly.
  package enum Count: String, CaseIterable, Sendable {
    case none, capped, exact
  }

  /// A relation embedded in each record, and the relations embedded in its records.
  package struct Inclusion {
    /// The relation whose records are embedded.
    package let relation: Relation
    /// Relations embedded in those records; one level more at most.
    package var nested: [Inclusion] = []
  }

  /// How values are written; it does not change which records are selected.
  package struct Form: Sendable {
    /// Nested fields become columns or dotted members (`flatten=true`).
    package var isFlat = false
    /// Timestamps are Unix milliseconds, and dates those of their first millisecond (`time_format=epoch_ms`).
    package var isEpoch = false
    /// Cells that a spreadsheet would read as a formula get a leading `'` (`csv_safe=true`).
    package var isCSVSafe = false
    /// How many nested records of a field get columns in flat CSV.
    package var flattened = QueryLimits().flattened

    /// The plain form: nested JSON, RFC 3339 timestamps, no formula escape.
    package init() {}
  }

  /// One field of `sort=`.
  package struct SortKey {
    /// A sortable column of the list's resource.
    package let column: Column
    /// Whether the greatest value comes first (`sort=-field`).
    package let isDescending: Bool

    /// Orders by `column`, the greatest value first where `isDescending`.
    package init(column: Column, isDescending: Bool) {
      self.column = column
      self.isDescending = isDescending
    }
  }

  /// The resource whose records are listed.
  package let resource: Resource
  /// Conditions joined by AND.
  package private(set) var conditions: [Filter] = []
  /// Groups of stakeholder codes: at least one code of each group must take part.
  package var participants: [[String]] = []
  /// First day of the range of `from=`, `YYYY-MM-DD`, inclusive; events only.
  package var from: String?
  /// Last day of the range of `to=`, `YYYY-MM-DD`, inclusive; events only.
  package var to: String?
  /// Sort keys, first key first, at most 8; empty for a ranked search.
  package var sort: [SortKey] = []
  /// Columns in the order in which they are written.
  package var columns: [Column] = []
  /// Relations to embed in each record, from `include=`.
  package var includes: [Inclusion] = []
  /// How values are written.
  package var form = Form()
  /// The limits that the query was parsed under.
  package var limits = QueryLimits()
  /// Rows of a page, 1 to `maxLimit`.
  package var limit = ListQuery.defaultLimit
  /// Whether the query gave `limit=`; a streamed list has no limit otherwise.
  package var hasLimit = false
  /// Rows to skip, 0 to `maxOffset`; excludes a cursor.
  package var offset = 0
  /// Whether and how the rows are counted.
  package var count = Count.none
  /// Moment of `as_of=`, Unix milliseconds UTC; `nil` for the current state.
  package var asOf: Int64?
  /// The full-text search; `nil` without `q`.
  package var match: Match?
  /// Whether the result depends on the current time to the millisecond (`now-6h`): the same query means something else a moment later.
  package var isMomentary = false
  /// The keyset: the sort keys of the previous page's last row, then its id; `nil` on the first page.
  package var after: Values?
  /// The record that a nested list belongs to; `nil` for a whole collection.
  package var scope: Scope?
  /// The parts of the query that a cursor is bound to.
  package var shape: [UInt8] = []

  /// Rows of a page without `limit=`.
  package static let defaultLimit = 50
  /// The greatest `limit=`.
  package static let maxLimit = 1_000
  /// The greatest `offset=`; deeper pages need a cursor.
  package static let maxOffset = 100_000

  /// A list of all records of a resource, with no sort keys and no columns chosen yet.
  package init(_ resource: Resource) { self.resource = resource }

  /// A full-text condition on a list.
  package struct Match {
    /// The parsed `q`.
    package let terms: SearchTerms
    /// Whether an index behind the register may answer (`stale=true`).
    package var isStaleAllowed = false
  }

  /// Whether rows are ordered by relevance: a search without `sort`.
  package var isRanked: Bool { match != nil && sort.isEmpty }

  /// Whether the search index's own order answers `sort`.
  package var isInIndexOrder: Bool { match != nil && sort.count == 1 && sort[0].column.kind == .period }

  /// How many values a cursor of this list has.
  var cursorCount: Int { isRanked ? 2 : isInIndexOrder ? 1 : sort.count + 1 }

  /// Adds a condition joined by AND. Participation is kept apart: an index can lead with it.
  package mutating func add(_ filter: Filter) {
    switch filter {
    case .all(let parts): for part in parts { add(part) }
    case .participation(let codes): participants.append(codes)
    default: conditions.append(filter)
    }
  }

  /// Replaces the conditions and drops `from` and `to`.
  package mutating func leave(_ rest: [Filter]) { (conditions, from, to) = (rest, nil, nil) }

  /// A list below a record: `/v1/events/{id}/outcomes`.
  package struct Scope {
    /// Which records belong to the scope.
    package enum Members: Sendable {
      /// The records that refer to the scope's record by this relation.
      case related(Relation)
      /// The one record with this number.
      case record
    }

    /// Which records belong to the scope.
    package let members: Members
    /// The value referred to (number, id or handle), or the record's number for `.record`.
    package let key: Values
    /// The path, unique for each scope; cursors are bound to it.
    package let name: String

    /// A scope with a unique path.
    ///
    /// - Parameter key: the value referred to (number, id or handle), or the record's number for `.record`.
    package init(_ members: Members, key: Values, name: String) {
      self.members = members
      self.key = key
      self.name = name
    }
  }
}

extension Column {
  /// Whether lists sort the column by folded text (case and marks ignored): free text, not codes or numbers.
  package var isFolded: Bool { kind == .text }
}

/// The operators of `field__op=value` and `filter=`.
package enum Operator: String, CaseIterable, Sendable {
  /// `in`, `nin` and `between` take several values; `like`, `prefix` and `contains` match text; `has` tests list elements.
  case eq, ne, gt, gte, lt, lte, `in`, nin, between, like, prefix, contains, null, has

  /// The operators that a column takes; any other is a 400 `operator_not_allowed`.
  package static func allowed(for column: Column) -> [Operator] {
    switch column.kind {
    case .text, .url, .handle: [.eq, .ne, .gt, .gte, .lt, .lte, .in, .nin, .between, .like, .prefix, .contains, .null]
    case .word, .handleOf: [.eq, .ne, .in, .nin, .gt, .gte, .lt, .lte, .between, .like, .prefix, .contains, .null]
    case .integer, .real, .date, .period, .timestamp: [.eq, .ne, .gt, .gte, .lt, .lte, .in, .nin, .between, .null]
    case .boolean, .reference, .target: [.eq, .ne, .in, .nin, .null]
    // These test the elements; `ne` and `nin` hold when no element matches.
    case .list: [.has, .eq, .ne, .in, .nin, .null] + patterns(column.element.required("\(column.name): what its list holds"))
    case .records, .object: [.null]
    }
  }

  private static func patterns(_ element: Column) -> [Operator] { allowed(for: element).filter(\.isPattern) }
}
