package import SQL

/// What rows of a list must meet: conditions joined by AND, OR and NOT. `field__op=value` gives leaves of it, `filter=` whole trees.
package indirect enum Filter {
  case all([Filter])
  case any([Filter])
  /// True for rows that do not meet the inner filter, also where nothing is known of them: there are two truth values, not three.
  case not(Filter)
  case condition(Condition)
  /// An event in which at least one of these stakeholders (codes) takes part.
  case participation([String])
  /// An event in which at least one of these takes part, each in the role that is named with it.
  case acting([Actor])
  case box(BoundingBox)

  /// One comparison: a field, an operator and the values.
  package struct Condition {
    /// The related record that the field belongs to; `nil` for the record itself.
    package let hop: Hop?
    package let column: Column
    /// The part of a nested record (`participants.role`).
    package let part: Column?
    package let op: Operator
    /// One value for most operators, two for `between`, any number for `in` and `nin`.
    package let values: Values
  }

  /// A stakeholder's code and, where one is named, the role.
  package struct Actor {
    package let code: String
    package var role: String?
  }

  /// The one step from a record to another that a condition may take.
  package enum Hop {
    /// Along a field of the record: the event of an outcome, the owner of a commitment.
    case forward(Column, Resource)
    /// To a record that refers to it: an outcome of the event.
    case backward(Relation)
  }

  /// Degrees of WGS 84; where west is east of east, it lies across the antimeridian.
  package struct BoundingBox {
    package let west, south, east, north: Double
  }

  /// Whether anything in it asks another record.
  var hasHop: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains(where: \.hasHop)
    case .not(let inner): inner.hasHop
    case .condition(let condition): condition.hop != nil
    case .participation, .acting, .box: false
    }
  }
}
