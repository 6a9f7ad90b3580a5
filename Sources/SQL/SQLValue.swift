package import Formats

/// A value that is bound to a statement, with its bytes: what an interpolation keeps until the statement runs.
///
/// Many rows through one template go through `Values` instead, which costs no allocation per row.
package enum SQLValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  /// Text is stored as UTF-8, at most 2 GiB of it.
  case text(String)
}

/// What can be bound: interpolated into an `SQLFragment`, or given as an argument to a template.
package protocol SQLConvertible {
  var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
  package var sqlValue: SQLValue { self }
}

extension Int64: SQLConvertible {
  package var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
  package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLConvertible {
  package var sqlValue: SQLValue { .real(self) }
}

extension String: SQLConvertible {
  package var sqlValue: SQLValue { .text(self) }
}

/// A day is bound as the register stores it: `2024-06-19`.
extension CalendarDate: SQLConvertible {
  package var sqlValue: SQLValue { .text(description) }
}

/// A cell is copied: its bytes need not outlive the interpolation.
extension Cell: SQLConvertible {
  package var sqlValue: SQLValue {
    switch kind {
    case .null: .null
    case .integer: .integer(integer)
    case .real: .real(real)
    case .text: .text(string)
    }
  }
}

/// Interpolated as `value.sqlValue`: the compiler takes a bare optional in an interpolation for a slip.
extension Optional: SQLConvertible where Wrapped: SQLConvertible {
  package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension Values {
  /// A row of these values, in this order.
  package convenience init(_ values: [any SQLConvertible]) {
    self.init()
    for value in values { append(value: value.sqlValue) }
  }

  package func append(value: SQLValue) {
    switch value {
    case .null: append(.null)
    case .integer(let integer): append(integer: integer)
    case .real(let real): append(real: real)
    case .text(let text): append(text: text)
    }
  }
}
