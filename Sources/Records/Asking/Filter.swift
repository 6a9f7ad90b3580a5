package import SQL

/// The conditions on a list's rows, joined by AND, OR and NOT. `field__op=value` gives leaves of it, `filter=` whole trees.
package indirect enum Filter {
  /// All parts hold (AND).
  case all([Filter])
  /// At least one part holds (OR).
  case any([Filter])
  /// True for rows that do not meet the inner filter, nulls included: two-valued logic, unlike SQL's three.
  case not(Filter)
  /// One comparison of a field.
  case condition(Condition)
  /// An event in which at least one of these stakeholders (codes) takes part.
  case participation([String])
  /// An event in which at least one of these takes part in its named role.
  case acting([Actor])
  /// Records with a point inside the box.
  case box(BoundingBox)

  /// One comparison: a field, an operator and the values.
  package struct Condition {
    /// The related record that the field belongs to; `nil` for the record itself.
    package let hop: Hop?
    /// The field that is compared, or the one that holds `part`.
    package let column: Column
    /// The part of a nested record (`participants.role`).
    package let part: Column?
    /// The comparison; `in` and `nin` where `eq` and `ne` had several values.
    package let op: Operator
    /// One value for most operators, two for `between`, any number for `in` and `nin`.
    package let values: Values
  }

  /// A participant: a stakeholder's code and an optional role.
  package struct Actor {
    /// The stakeholder's code, resolved: `PRK`.
    package let code: String
    /// A word of the vocabulary `participant_role`; `nil` for any role.
    package var role: String?
  }

  /// The one step from a record to another that a condition may take.
  package enum Hop {
    /// To the record that a field refers to: the event of an outcome, the owner of a commitment.
    case forward(Column, Resource)
    /// To the records that refer to this one: the outcomes of an event.
    case backward(Relation)
  }

  /// A box in WGS 84 degrees; it crosses the antimeridian when `west` is greater than `east`.
  package struct BoundingBox {
    /// The edges in degrees: longitudes -180 to 180, latitudes -90 to 90, `south` at most `north`.
    package let west, south, east, north: Double
  }

  /// Whether any condition reads another record.
  var hasHop: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains(where: \.hasHop)
    case .not(let inner): inner.hasHop
    case .condition(let condition): condition.hop != nil
    case .participation, .acting, .box: false
    }
  }
}
