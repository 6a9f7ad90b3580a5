internal import Synchronization

/// What a field holds, and how it is stored.
package indirect enum FieldType: Sendable {
  /// UTF-8 text, stored NFC; the length is in Unicode scalars.
  case text(max: Int)
  /// A word of a vocabulary.
  case word(String)
  /// A permanent handle (`PRK`, `putin-vladimir`, `R-2024-003`): letters, digits, `-`, `_`, `.`; usable in place of the id.
  case handle
  case integer(ClosedRange<Int64>)
  case real(ClosedRange<Double>)
  case boolean
  /// A calendar date, stored as `YYYY-MM-DD`.
  case date
  /// A date that may be written with less precision (EDTF level 1); what it leaves open fills the neighbours.
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
  /// A JSON object that is kept and never interpreted.
  case object
  /// A JSON array of objects with these fields.
  case records([Field], max: Int)
}

/// How a field follows from others when it is read.
package enum Computed: Sendable {
  /// True when the date field lies before today (UTC), unless one of the word fields has one of the words named with it.
  case isPast(Field, unless: [(field: Field, words: [String])])
  /// The number that goes with the word in a field; null for words that are not listed.
  case number(ofWord: Field, [(word: String, number: Double)])
}

/// One field of a resource, stated once: validation, SQL, JSON, CSV, filters and documents follow from it.
///
/// A resource states its fields as named values and lists them in its declaration; `draft[Events.startDate]` then is a look into a row at
/// a number that is known.
package final class Field: Sendable {
  package enum Option: Sendable {
    /// A record without it is refused.
    case required
    /// Required, but found from other fields where the body leaves it out.
    case derivable
    /// Given by the register; a body may repeat it but not change it.
    case readOnly
    /// Given at creation, then for good.
    case permanent
    case filterable
    case sortable
    /// Part of full-text search.
    case searchable
    /// Kept in `links`, so that what refers to a record is found from the record.
    case linked
    /// Left out of lists unless `include` or `fields` names it.
    case onRequest
  }

  package let name: String
  package let type: FieldType
  package let options: [Option]
  /// One line for documents.
  package let doc: String
  package let example: String?
  /// What a new record has when the body leaves it out, as JSON or CSV text would say it.
  package let initial: String?
  /// How it follows from other fields when it is read; such a field is not stored.
  package let computed: Computed?

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

  /// Where it stands in a draft of the resource that lists it.
  ///
  /// It may be asked for once that resource is made, as it is for who holds a draft of it. Relaxed: what made the resource known made
  /// this known.
  @inline(__always)
  package var number: Int {
    let number = place.load(ordering: .relaxed)
    assert(number >= 0, "\(name) is listed in no resource")
    return number
  }

  private let place = Atomic(-1)

  /// Notes where it stands; a field that two resources list would have two places.
  package func stand(at number: Int) {
    let (isFirst, _) = place.compareExchange(expected: -1, desired: number, ordering: .relaxed)
    if !isFirst { BrokenPromise.stop("one place for the field \(name)") }
  }

  package func has(_ option: Option) -> Bool { options.contains { $0 == option } }
}
