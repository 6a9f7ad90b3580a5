package import Formats

/// A value to be bound, with its bytes: an interpolation keeps it until the statement runs.
///
/// For many rows through one template use `Values`, which allocates nothing per row.
package enum SQLValue: Sendable, Equatable {
  /// SQL NULL.
  case null
  /// A 64-bit signed integer.
  case integer(Int64)
  /// An IEEE 754 double.
  case real(Double)
  /// Text is stored as UTF-8, at most 2 GiB of it.
  case text(String)
}

/// A type that can be bound: interpolated into an `SQLFragment`, or passed to a template.
package protocol SQLConvertible {
  /// The value to bind.
  var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
  /// The value itself.
  package var sqlValue: SQLValue { self }
}

extension Int64: SQLConvertible {
  /// An integer.
  package var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
  /// An integer.
  package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLConvertible {
  /// A real.
  package var sqlValue: SQLValue { .real(self) }
}

extension String: SQLConvertible {
  /// A text.
  package var sqlValue: SQLValue { .text(self) }
}

/// A date is bound as the register stores it: `2024-06-19`.
extension CalendarDate: SQLConvertible {
  /// ISO 8601 text, `YYYY-MM-DD`.
  package var sqlValue: SQLValue { .text(description) }
}

/// A cell is copied: its bytes need not outlive the interpolation.
extension Cell: SQLConvertible {
  /// A copy of the cell, of the same kind.
  package var sqlValue: SQLValue {
    switch kind {
    case .null: .null
    case .integer: .integer(integer)
    case .real: .real(real)
    case .text: .text(string)
    }
  }
}

/// Interpolate as `value.sqlValue`: the compiler warns about a bare optional in an interpolation.
extension Optional: SQLConvertible where Wrapped: SQLConvertible {
  /// The wrapped value, or `.null` for `nil`.
  package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension Values {
  /// A row of these values, in order.
  package convenience init(_ values: [any SQLConvertible]) {
    self.init()
    for value in values { append(value: value.sqlValue) }
  }

  /// Appends a column of the value's kind; text is copied.
  package func append(value: SQLValue) {
    switch value {
    case .null: append(.null)
    case .integer(let integer): append(integer: integer)
    case .real(let real): append(real: real)
    case .text(let text): append(text: text)
    }
  }
}
