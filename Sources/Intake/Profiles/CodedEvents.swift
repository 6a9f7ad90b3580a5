internal import Formats
internal import Records

/// One side of a coded event: its source or its target.
struct CodedActor {
  /// The stakeholder's code; `nil` for an actor that is not a state.
  package let state: String?
  /// As reported; may be empty.
  package let name: String
  let nameColumn: Int
  /// Names the actor in a title when `name` is empty; may be empty.
  let fallback: String

  /// The actor's name in a title: `name`, or `fallback` where there is none.
  package var label: String { name.isEmpty ? fallback : name }
}

/// What GDELT and ICEWS share: a source acts on a target, and a CAMEO code names the action.
enum CodedEvents {
  /// Longer names are kept in `extra`.
  private static let maxNameLength = 200
  private static let maxTitleLength = 300

  // MARK: Codes

  /// Sets `cameo_code`, which determines type, mode, PLOVER type and quad class; refuses the row for an unknown code.
  static func setCode(_ row: ProfileRow, _ column: Int) -> ReferenceTables.CAMEOCode? {
    let text = row.string(column)
    if text.utf8.count > 2, let known = ReferenceTables.shared.cameo(row[column]) {
      row.set(Events.cameoCode, text, of: column)
      return known
    }
    guard !text.isEmpty else {
      row.fault(column, "required", "a CAMEO code of 3 or 4 digits is required")
      return nil
    }
    if isCode("0" + text) {
      row.fault(column, "lost_leading_zero", "\"\(text)\" has lost its leading zero; write \"0\(text)\", since CAMEO codes are text")
    } else {
      row.fault(column, "not_a_word", "\"\(text.prefix(60))\" is not a CAMEO code of 3 or 4 digits; /v1/vocabularies/cameo lists them")
    }
    return nil
  }

  private static func isCode(_ text: String) -> Bool {
    text.utf8.count > 2 && text.withByteView { ReferenceTables.shared.cameo($0) != nil }
  }

  // MARK: Parties

  /// Writes the states among the two actors as participants; names that do not fit there stay in `extra`.
  static func setParticipants(_ row: ProfileRow, _ code: ReferenceTables.CAMEOCode, _ source: CodedActor, _ target: CodedActor) {
    let roles = roles(of: code.code)
    // A state that consults itself is one party; one that acts on itself is both sender and target.
    let isRepeated = source.state == target.state && roles.source == roles.target
    let (hasSource, hasTarget) = (source.state != nil, target.state != nil && !isRepeated)
    keepName(row, source, isParty: hasSource)
    keepName(row, target, isParty: hasTarget)
    guard hasSource || hasTarget else { return }
    row.setJSON(Events.participants, of: hasSource ? source.nameColumn : target.nameColumn) { json in
      json.append(0x5B)
      if hasSource { append(source, roles.source, to: json) }
      if hasSource, hasTarget { json.append(0x2C) }
      if hasTarget { append(target, roles.target, to: json) }
      json.append(0x5D)
    }
  }

  private static func roles(of code: String) -> (source: String, target: String) {
    switch code {
    case "042": ("visitor", "host")
    case "043": ("host", "visitor")
    case _ where code.hasPrefix("04"): ("participant", "participant")
    default: ("sender", "target")
    }
  }

  private static func append(_ actor: CodedActor, _ role: String, to json: ByteBuffer) {
    appendParty(actor.state ?? "", role: role, side: nil, name: actor.name, to: json)
  }

  /// Appends one object of `participants`.
  static func appendParty(_ code: String, role: String, side: String?, name: String, to json: ByteBuffer) {
    json.append("{\"stakeholder\":" as StaticString)
    json.append(jsonString: code)
    json.append(",\"role\":" as StaticString)
    json.append(jsonString: role)
    if let side {
      json.append(",\"side\":" as StaticString)
      json.append(jsonString: side)
    }
    if isName(name) {
      json.append(",\"name_as_reported\":" as StaticString)
      json.append(jsonString: name)
    }
    json.append(0x7D)
  }

  /// Whether a participant can bear `name`: 1 to 200 characters.
  package static func isName(_ name: String) -> Bool { !name.isEmpty && name.unicodeScalars.count <= maxNameLength }

  private static func keepName(_ row: ProfileRow, _ actor: CodedActor, isParty: Bool) {
    if !isParty || !isName(actor.name) { row.keep(actor.nameColumn) }
  }

  /// With `interstate=true`, leaves out events that are not between two different states or territories of the country table.
  static func passOver(_ row: ProfileRow, _ source: CodedActor, _ target: CodedActor) {
    guard row.isInterstate else { return }
    row.row.isPassedOver = source.state == nil || target.state == nil || source.state == target.state
  }

  // MARK: Texts

  /// `RUSSIA — Make a visit — CHINA`, clipped to the title's limit; an unnamed side is left out.
  package static func title(_ source: CodedActor, _ action: String, _ target: CodedActor) -> String {
    clipped([source.label, action, target.label].filter { !$0.isEmpty }.joined(separator: " — "))
  }

  /// Joins place names from the smallest to the largest; a name that repeats is written once: `Beijing, China`.
  package static func place(_ names: [String]) -> String {
    var parts: [String] = []
    for name in names where !name.isEmpty && name != parts.last { parts.append(name) }
    return parts.joined(separator: ", ")
  }

  /// Shortens a title to its field's limit.
  static func clipped(_ title: String) -> String {
    guard title.unicodeScalars.count > maxTitleLength else { return title }
    return String(String.UnicodeScalarView(title.unicodeScalars.prefix(maxTitleLength - 1))) + "…"
  }
}
