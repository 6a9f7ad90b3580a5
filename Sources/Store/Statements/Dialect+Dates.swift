package import SQL

// Dates are ISO 8601 text, `2024-06-19`, from year 0001 to 9999: text order is calendar order.

extension Dialect {
  /// The current UTC day.
  package static let today: SQLFragment = "date('now')"

  /// The first day of the bucket that contains `day`.
  package static func start(of bucket: Bucket, _ day: SQLFragment) -> SQLFragment {
    switch bucket {
    case .day: day
    // Forward to Sunday, unless it is one, then back to Monday (ISO 8601).
    case .week: "date(\(day), 'weekday 0', '-6 days')"
    case .month: "substr(\(day), 1, 7) || '-01'"
    case .quarter: "substr(\(day), 1, 5) || printf('%02d', (substr(\(day), 6, 2) - 1) / 3 * 3 + 1) || '-01'"
    case .year: "substr(\(day), 1, 4) || '-01-01'"
    }
  }

  /// The first day of the bucket `buckets` after the one that begins on `day`.
  package static func later(_ day: SQLFragment, _ buckets: SQLFragment, of bucket: Bucket) -> SQLFragment {
    "date(\(day), '+' || (\(buckets) * \(raw: String(bucket.step.count))) || ' \(raw: bucket.step.unit)')"
  }

  /// The first day of the bucket after the one that begins on `day`.
  package static func next(_ day: SQLFragment, of bucket: Bucket) -> SQLFragment {
    "date(\(day), '+\(raw: String(bucket.step.count)) \(raw: bucket.step.unit)')"
  }
}
