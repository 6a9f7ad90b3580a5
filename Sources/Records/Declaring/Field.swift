internal import Synchronization

/// The type of a field: valid values and storage.
package indirect enum FieldType: Sendable {
  /// UTF-8 text, stored NFC; the length is in Unicode scalars.
  case text(max: Int)
  /// A word of a vocabulary.
  case word(String)
  /// A permanent handle (`PRK`, `putin-vladimir`, `R-2024-003`): letters, digits, `-`, `_`, `.`; valid in place of the id.
  case handle
  /// A whole number within the range, 64 bits.
  case integer(ClosedRange<Int64>)
  /// A finite double within the range.
  case real(ClosedRange<Double>)
  /// True or false, stored as 1 or 0.
  case boolean
  /// A calendar date, stored as `YYYY-MM-DD`.
  case date
  /// A date of reduced precision (EDTF, ISO 8601-2 level 1), stored as its first day; end and precision fill the neighbouring fields.
  case period
  /// RFC 3339 on the wire, Unix milliseconds in the table.
  case timestamp
  /// An http or https URL.
  case url
  /// One record of a resource, stored as its number.
  case reference(String)
  /// One record of a resource, stored and shown as its handle.
  case handleOf(String)
  /// A record of any of these resources, stored and shown as its id.
  case target([String])
  /// A JSON array of scalars.
  case list(FieldType, max: Int)
  /// A JSON object, stored and returned without interpretation.
  case object
  /// A JSON array of objects with these fields.
  case records([Field], max: Int)
}

/// How a field is computed from others on read.
package enum Computed: Sendable {
  /// True when the date field is before today (UTC), unless a word field has one of its listed words.
  case isPast(Field, unless: [(field: Field, words: [String])])
  /// The number listed for the word in a field; null for other words.
  case number(ofWord: Field, [(word: String, number: Double)])
}

/// One field of a resource, declared once; validation, SQL, JSON, CSV, filters and documents derive from it.
///
/// A resource declares its fields as named values and lists them; `draft[Events.startDate]` then reads a slot at a known number.
package final class Field: Sendable {
  /// What a field allows and requires; one declaration may give several.
  package enum Option: Sendable {
    /// A record without it is refused.
    case required
    /// Required, but derived from other fields when the body omits it.
    case derivable
    /// Set by the register; a body may repeat the value but not change it.
    case readOnly
    /// Set at creation and fixed from then on.
    case permanent
    /// `field__op=` and `filter=` take the field.
    case filterable
    /// `sort=` takes the field.
    case sortable
    /// Part of full-text search.
    case searchable
    /// Its mentions are kept in `links`, which finds the records that refer to a record.
    case linked
    /// Omitted from lists unless `include` or `fields` names it.
    case onRequest
  }

  /// SQL column and JSON member name, snake_case.
  package let name: String
  /// What values the field takes, and how they are stored.
  package let type: FieldType
  /// The options as declared; `has(_:)` looks in them.
  package let options: [Option]
  /// One line for OpenAPI and the field list.
  package let doc: String
  /// A valid value for documents, as JSON or CSV text; `nil` if none is given.
  package let example: String?
  /// The value of a new record when the body omits it, as CSV text; `nil` for none.
  package let initial: String?
  /// The rule that computes it on read; `nil` for a stored field.
  package let computed: Computed?

  /// Declares a field; options in any order.
  ///
  /// - Parameters:
  ///   - doc: one line for OpenAPI and the field list.
  ///   - example: a valid value as text.
  ///   - initial: the value of a new record, as text; the column's kind parses it.
  ///   - computed: the rule of a field that has no SQL column.
  package init(
    _ name: String, _ type: FieldType, _ options: Option..., doc: String, example: String? = nil, initial: String? = nil,
    computed: Computed? = nil
  ) {
    self.name = name
    self.type = type
    self.options = options
    self.doc = doc
    self.example = example
    self.initial = initial
    self.computed = computed
  }

  /// Its position in the resource that lists it and in that resource's drafts, from 1.
  ///
  /// Valid once the resource is made, so for every holder of a draft. Relaxed ordering suffices: publishing the resource published this.
  @inline(__always)
  package var number: Int {
    let number = place.load(ordering: .relaxed)
    assert(number >= 0, "\(name) is listed in no resource")
    return number
  }

  private let place = Atomic(-1)

  /// Sets `number`; ends the program on a second call, because a field listed by two resources would have two positions.
  package func stand(at number: Int) {
    let (isFirst, _) = place.compareExchange(expected: -1, desired: number, ordering: .relaxed)
    if !isFirst { BrokenPromise.stop("one place for the field \(name)") }
  }

  /// Whether the declaration gives this option.
  package func has(_ option: Option) -> Bool { options.contains { $0 == option } }
}
