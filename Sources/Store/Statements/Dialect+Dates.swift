package import SQL

// Days are text, `2024-06-19`, from year 0001 to 9999, in the order of the calendar.

extension Dialect {
  /// The UTC day now.
  package static let today: SQLFragment = "date('now')"

  /// The first day of the bucket in which a day lies.
  package static func start(of bucket: Bucket, _ day: SQLFragment) -> SQLFragment {
    switch bucket {
    case .day: day
    // On to Sunday, where it is none, and back to Monday (ISO 8601).
    case .week: "date(\(day), 'weekday 0', '-6 days')"
    case .month: "substr(\(day), 1, 7) || '-01'"
    case .quarter: "substr(\(day), 1, 5) || printf('%02d', (substr(\(day), 6, 2) - 1) / 3 * 3 + 1) || '-01'"
    case .year: "substr(\(day), 1, 4) || '-01-01'"
    }
  }

  /// The first day of the bucket that comes `buckets` later than the one that begins on `day`.
  package static func later(_ day: SQLFragment, _ buckets: SQLFragment, of bucket: Bucket) -> SQLFragment {
    "date(\(day), '+' || (\(buckets) * \(raw: String(bucket.step.count))) || ' \(raw: bucket.step.unit)')"
  }

  /// The first day of the bucket behind the one that begins on `day`.
  package static func next(_ day: SQLFragment, of bucket: Bucket) -> SQLFragment {
    "date(\(day), '+\(raw: String(bucket.step.count)) \(raw: bucket.step.unit)')"
  }
}
