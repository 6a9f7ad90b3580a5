package import Formats
internal import SQL

/// Reads records into drafts: JSON objects, JSON merge patches (RFC 7396), table cells. One per thread, reused for every record.
package final class DraftReader {
  private let scalars = ScalarReader()
  /// Parses JSON in CSV cells.
  private let cellParser = JSONParser(maxDepth: 64)
  private let scratch = ByteBuffer(capacity: 512)
  /// Slots for the parts of one nested record, so that they are stored in declaration order.
  private let parts = Values()

  /// A reader with empty buffers.
  package init() {}

  // MARK: JSON

  /// Reads a JSON object into a draft; faults go into the draft.
  ///
  /// - Parameters:
  ///   - merging: the current record, whose JSON objects a merge patch (RFC 7396) changes; `nil` for a whole record.
  ///   - ignoring: members of the envelope, which are skipped.
  package func read(_ node: JSONNode, into draft: Draft, merging current: Draft? = nil, ignoring: [StaticString] = []) {
    guard node.kind == .object else {
      return draft.fault(FieldPath(""), "wrong_type", "a record is a JSON object, not \(node.kind.word)")
    }
    scalars.forgetPeriod()
    // Loaded once for all members: each access through the resource would count references.
    let (index, columns) = (draft.resource.index, draft.resource.bareColumns)
    node.forEachMember { key, value in
      guard let number = index[key] else {
        guard !ignoring.contains(where: { key == $0 }) else { return }
        return unknown(key, draft)
      }
      _ = draft.markGiven(number)
      columns.with(number) { read(value, $0, into: draft, merging: current) }
    }
    draft.period = scalars.period
  }

  @inline(never)
  private func read(_ node: JSONNode, _ column: Column, into draft: Draft, merging current: Draft?) {
    guard node.kind != .null else { return setNull(column, in: draft) }
    switch column.kind {
    case .list: list(node, column, draft)
    case .records: records(node, column, draft)
    case .object: object(node, column, draft, merging: current)
    default:
      // A body may repeat the id in its text form, prefix included.
      guard column.number != StandardColumns.idNumber else { return repeatedID(node, column, draft) }
      do { store(try scalars.read(column, node), column, in: draft) } catch { note(error, FieldPath(column.name), draft) }
    }
  }

  private func setNull(_ column: Column, in draft: Draft) {
    guard column.isJSON else { return draft.values.setNull(column.number) }
    draft.values.set(column.number) { $0.append(column.emptyJSON) }
  }

  private func repeatedID(_ node: JSONNode, _ column: Column, _ draft: Draft) {
    guard node.kind == .string else { return draft.fault(column.number, "wrong_type", "an id is text, not \(node.kind.word)") }
    repeatedID(node.utf8, draft)
  }

  private func repeatedID(_ text: ByteView, _ draft: Draft) {
    guard let id = Identifier.parse(text, prefix: draft.resource.prefix) else {
      return draft.fault(StandardColumns.idNumber, "bad_id", "\(quoted(text)) is not an id of a \(draft.resource.singular)")
    }
    draft.values.set(StandardColumns.idNumber, integer: id)
  }

  private func list(_ node: JSONNode, _ column: Column, _ draft: Draft) {
    guard node.kind == .array, let element = column.element else {
      return draft.fault(column.number, "wrong_type", "expected an array, not \(node.kind.word)")
    }
    guard fits(node.count, column, draft) else { return }
    scratch.clear(keeping: 1 << 16)
    scratch.append(0x5B)
    var position = 0
    node.forEachElement { item in
      do throws(Refusal) {
        let scalar = try scalars.read(element, item)
        if position > 0 { scratch.append(0x2C) }
        append(scalar, element, owner: column, at: position, draft)
      } catch { note(error, FieldPath(column.name, element: position), draft) }
      position += 1
    }
    scratch.append(0x5D)
    draft.values.set(column.number, text: scratch.bytes)
  }

  private func records(_ node: JSONNode, _ column: Column, _ draft: Draft) {
    guard node.kind == .array else {
      return draft.fault(column.number, "wrong_type", "expected an array of objects, not \(node.kind.word)")
    }
    guard fits(node.count, column, draft) else { return }
    scratch.clear(keeping: 1 << 16)
    scratch.append(0x5B)
    var position = 0
    node.forEachElement { item in
      if position > 0 { scratch.append(0x2C) }
      record(item, column, at: position, draft)
      position += 1
    }
    scratch.append(0x5D)
    draft.values.set(column.number, text: scratch.bytes)
  }

  private func record(_ node: JSONNode, _ column: Column, at position: Int, _ draft: Draft) {
    guard node.kind == .object else {
      return draft.fault(FieldPath(column.name, element: position), "wrong_type", "expected an object, not \(node.kind.word)")
    }
    let (index, columns) = (column.partIndex, column.bareParts)
    parts.reset(count: columns.count)
    node.forEachMember { key, value in
      guard let number = index[key] else {
        return unknown(key, in: column.parts.map(\.name), FieldPath(column.name, element: position), draft)
      }
      guard value.kind != .null else { return }
      columns.with(number) { part in
        do throws(Refusal) { store(try scalars.read(part, value), part, in: parts) } catch {
          note(error, FieldPath(column.name, element: position, part: part.name), draft)
        }
      }
    }
    endRecord(column, at: position, draft)
  }

  /// Writes the given parts in declaration order, and adds `required` for each missing required part.
  private func endRecord(_ column: Column, at position: Int, _ draft: Draft) {
    scratch.append(0x7B)
    let start = scratch.count
    let columns = column.bareParts
    for number in 0..<columns.count {
      columns.with(number) { part in
        guard !parts[number].isNull else { return require(part, of: column, at: position, draft) }
        if scratch.count > start { scratch.append(0x2C) }
        append(parts[number], part, owner: column, at: position, draft)
      }
    }
    scratch.append(0x7D)
  }

  private func append(_ cell: Cell, _ part: Column, owner column: Column, at position: Int, _ draft: Draft) {
    scratch.append(part.jsonKey)
    switch cell.kind {
    case .integer: append(.integer(cell.integer), part, owner: column, at: position, draft)
    case .real: append(.real(cell.real), part, owner: column, at: position, draft)
    default: append(.text(cell.utf8), part, owner: column, at: position, draft)
    }
  }

  private func require(_ part: Column, of column: Column, at position: Int, _ draft: Draft) {
    guard part.isRequired else { return }
    let path = FieldPath(column.name, element: position, part: part.name)
    if !draft.faults.contains(where: { $0.path == path }) { draft.fault(path, "required", "\(part.name) is required") }
  }

  private func object(_ node: JSONNode, _ column: Column, _ draft: Draft, merging current: Draft?) {
    guard node.kind == .object else {
      return draft.fault(column.number, "wrong_type", "expected an object, not \(node.kind.word)")
    }
    scratch.clear(keeping: 1 << 16)
    if let current, !current[column.number].isNull {
      do { try MergePatch.apply(node, to: current[column.number].utf8, into: scratch) } catch {
        return draft.fault(column.number, error.code, "the stored object cannot be merged: \(error.detail)")
      }
    } else {
      node.append(to: scratch)
    }
    guard scratch.count <= column.max else {
      return draft.fault(column.number, "too_long", "the object has \(scratch.count) bytes; at most \(column.max) are allowed")
    }
    draft.values.set(column.number, text: scratch.bytes)
  }

  // MARK: Text

  /// Reads one CSV cell into a field; an empty cell sets nothing. Faults go into the draft.
  package func read(_ text: ByteView, _ column: Column, into draft: Draft) {
    guard text.count > 0 else { return }
    _ = draft.markGiven(column.number)
    guard text.isValidUTF8 else {
      return draft.fault(column.number, "invalid_utf8", "the cell is not UTF-8; save the file as UTF-8 and send it again")
    }
    switch column.kind {
    case .list: listText(text, column, draft)
    case .records where column.name == "participants" && text.first != 0x5B: partiesText(text, column, draft)
    case .records, .object: jsonText(text, column, draft)
    default:
      scalars.forgetPeriod()
      if column.number == StandardColumns.idNumber {
        return repeatedID(text, draft)
      }
      do { store(try scalars.read(column, text), column, in: draft) } catch { note(error, FieldPath(column.name), draft) }
      if column.kind == .period { draft.period = scalars.period }
    }
  }

  /// `a;b;c`, or a JSON array, as written when an element holds a `;`.
  private func listText(_ text: ByteView, _ column: Column, _ draft: Draft) {
    guard let element = column.element else { return }
    if text.first == 0x5B, let node = try? cellParser.parse(text), node.kind == .array { return list(node, column, draft) }
    let items = text.split(separator: 0x3B, omittingEmptySubsequences: true)
    guard fits(items.count, column, draft) else { return }
    scratch.clear(keeping: 1 << 16)
    scratch.append(0x5B)
    for position in items.indices {
      let item = items[position]
      do throws(Refusal) {
        let scalar = try scalars.read(element, item)
        if position > 0 { scratch.append(0x2C) }
        append(scalar, element, owner: column, at: position, draft)
      } catch { note(error, FieldPath(column.name, element: position), draft) }
    }
    scratch.append(0x5D)
    draft.values.set(column.number, text: scratch.bytes)
  }

  /// `RUS:visitor:A:head_of_state;PRK:host`: stakeholder, role, side, level, name; trailing parts may be omitted.
  private func partiesText(_ text: ByteView, _ column: Column, _ draft: Draft) {
    let items = text.split(separator: 0x3B, omittingEmptySubsequences: true)
    guard fits(items.count, column, draft) else { return }
    scratch.clear(keeping: 1 << 16)
    scratch.append(0x5B)
    for position in items.indices {
      let item = items[position]
      if position > 0 { scratch.append(0x2C) }
      let words = item.split(separator: 0x3A, omittingEmptySubsequences: false)
      parts.reset(count: column.parts.count)
      guard words.count <= column.parts.count else {
        draft.fault(FieldPath(column.name, element: position), "malformed_value", "expected stakeholder:role:side:level:name")
        continue
      }
      for part in column.parts where part.number < words.count {
        let word = words[part.number]
        guard word.count > 0 else { continue }
        do throws(Refusal) { store(try scalars.read(part, word), part, in: parts) } catch {
          note(error, FieldPath(column.name, element: position, part: part.name), draft)
        }
      }
      endRecord(column, at: position, draft)
    }
    scratch.append(0x5D)
    draft.values.set(column.number, text: scratch.bytes)
  }

  // MARK: From code

  /// Sets a field, checked like a CSV cell.
  package func set(_ field: Field, text: String, in draft: Draft) { set(field.name, text: text, in: draft) }

  /// Sets a field by name, checked like a CSV cell; ends the program if there is no such field.
  package func set(_ field: String, text: String, in draft: Draft) {
    text.withByteView { set(field, $0, in: draft) }
  }

  /// Sets a field by name, checked like a CSV cell; ends the program if there is no such field.
  package func set(_ field: String, _ text: ByteView, in draft: Draft) {
    read(text, draft.resource.required(field), into: draft)
  }

  /// Sets a nested field from the JSON that `write` appends; ends the program if there is no such field.
  package func setJSON(_ field: String, in draft: Draft, _ write: (ByteBuffer) -> Void) {
    let column = draft.resource.required(field)
    let json = ByteBuffer(capacity: 256)
    write(json)
    _ = draft.markGiven(column.number)
    json.withView { jsonText($0, column, draft) }
  }

  /// Sets a nested field from the JSON that `write` appends.
  package func setJSON(_ field: Field, in draft: Draft, _ write: (ByteBuffer) -> Void) { setJSON(field.name, in: draft, write) }

  /// Sets the owner of a record from the path; a body that gives it too gets the fault `given_by_path`.
  package func setReference(_ column: Column, to name: String, in draft: Draft) {
    guard !draft.isGiven(column.number) else {
      return draft.fault(column.number, "given_by_path", "\(column.name) is set by the path; omit it")
    }
    set(column.name, text: name, in: draft)
  }

  /// Sets the key of an upsert from the path; a body with another value gets the fault `given_by_path`.
  package func setKey(source: String, externalID: String, in draft: Draft) {
    for (number, value) in [(draft.resource.standard.source, source), (draft.resource.standard.externalID, externalID)] {
      if draft.isGiven(number), !draft[number].isNull, draft[number].string != value {
        draft.fault(number, "given_by_path", "the path has \"\(value)\"")
      }
      set(draft.resource.columns[number].name, text: value, in: draft)
    }
  }

  private func jsonText(_ text: ByteView, _ column: Column, _ draft: Draft) {
    do throws(JSONError) {
      let node = try cellParser.parse(text)
      if column.kind == .object { object(node, column, draft, merging: nil) } else { records(node, column, draft) }
    } catch { draft.fault(column.number, error.code, "the cell is not JSON: \(error.detail)") }
  }

  // MARK: Storing

  private func store(_ scalar: Scalar, _ column: Column, in draft: Draft) {
    if column.kind == .reference || column.kind == .handleOf || column.kind == .target, case .text(let text) = scalar {
      draft.references.append(
        PendingReference(column: column, target: column, element: -1, offset: 0, count: text.count))
    }
    store(scalar, column, in: draft.values)
  }

  private func store(_ scalar: Scalar, _ column: Column, in values: Values) {
    switch scalar {
    case .integer(let value): values.set(column.number, integer: value)
    case .real(let value): values.set(column.number, real: value)
    case .text(let text): values.set(column.number, text: text)
    }
  }

  private func append(_ scalar: Scalar, _ target: Column, owner: Column, at position: Int, _ draft: Draft) {
    switch scalar {
    case .integer(let value) where target.kind == .boolean: scratch.append(value == 0 ? "false" : "true")
    case .integer(let value): scratch.append(integer: value)
    case .real(let value): scratch.append(real: value)
    case .text(let text):
      let offset = scratch.count + 1
      scratch.append(jsonString: text)
      guard target.kind == .handleOf || target.kind == .target else { return }
      draft.references.append(
        PendingReference(column: owner, target: target, element: position, offset: offset, count: scratch.count - 1 - offset))
    }
  }

  private func fits(_ count: Int, _ column: Column, _ draft: Draft) -> Bool {
    guard count > column.max else { return true }
    draft.fault(column.number, "too_many", "\(count) elements; at most \(column.max) are allowed")
    return false
  }

  // MARK: Faults

  private func note(_ refusal: Refusal, _ path: FieldPath, _ draft: Draft) {
    draft.fault(path, refusal.code, refusal.detail, allowed: refusal.allowed)
  }

  private func unknown(_ key: ByteView, _ draft: Draft) {
    unknown(key, in: draft.resource.columns.filter { !$0.isReadOnly }.map(\.name), nil, draft)
  }

  private func unknown(_ key: ByteView, in names: [String], _ owner: FieldPath?, _ draft: Draft) {
    let name = key.prefix(80).string
    let path = owner.map { FieldPath($0.field, element: $0.element, part: name) } ?? FieldPath(name)
    let hint = nearest(name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    draft.fault(path, "unknown_field", "there is no field \"\(name)\"\(hint)", allowed: hint.isEmpty ? names : [])
  }
}
