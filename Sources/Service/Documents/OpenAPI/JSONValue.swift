internal import Formats
internal import Intake
internal import Records

/// A JSON value for building documents; objects keep the order of their members.
indirect enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])
  /// Text that is JSON already: a declared example, a vocabulary.
  case raw([UInt8])
  /// A shared part: written as `{"$ref":…}`, and once under `components`.
  case shared(Component)
  /// The same with members beside the `$ref`.
  case annotated(Component, JSONValue)

  struct Member: Sendable {
    let name: String
    let value: JSONValue
  }

  /// A value written once under `components` and referred to by name.
  struct Component: Sendable {
    enum Kind: String, CaseIterable, Sendable { case schemas, parameters, headers, responses }

    let kind: Kind
    let name: String
    /// Made on demand, since a part may refer to itself.
    let value: @Sendable () -> JSONValue
  }

  static func shared(_ kind: Component.Kind, _ name: String, _ value: @autoclosure @escaping @Sendable () -> JSONValue) -> JSONValue {
    .shared(Component(kind: kind, name: name, value: value))
  }

  /// This object with the members of another appended; any other value is unchanged.
  func adding(_ more: JSONValue) -> JSONValue {
    guard case .object(let members) = self, case .object(let others) = more else { return self }
    return .object(members + others)
  }

  /// Words as an array of strings.
  static func words(_ words: some Sequence<String>) -> JSONValue { .array(words.map { .string($0) }) }
}

// MARK: Literals

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(nilLiteral: ()) { self = .null }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member(name: $0.0, value: $0.1) }) }
}

// MARK: Writing

/// Writes JSON and collects the shared parts it refers to.
final class JSONValueWriter {
  private(set) var buffer: ByteBuffer
  /// Parts that are referred to but not written yet.
  private(set) var waiting: [JSONValue.Component] = []
  private var known: Set<String> = []

  init(_ buffer: ByteBuffer) { self.buffer = buffer }

  static func text(of value: JSONValue) -> String {
    let writer = JSONValueWriter(ByteBuffer())
    writer.write(value)
    return writer.buffer.string
  }

  /// Writes an array.
  func write(list items: [JSONValue]) {
    ListFrame.begin(buffer)
    for (position, item) in items.enumerated() {
      if position > 0 { buffer.append(",") }
      write(item)
    }
    ListFrame.end(buffer)
  }

  func write(_ value: JSONValue) {
    switch value {
    case .null: buffer.append("null")
    case .bool(let flag): buffer.append(flag ? "true" as StaticString : "false")
    case .integer(let number): buffer.append(integer: number)
    case .real(let number): buffer.append(real: number)
    case .string(let text): buffer.append(jsonString: text)
    case .raw(let bytes): buffer.append(bytes)
    case .array(let elements): list(elements, "[", "]") { write($0) }
    case .object(let members):
      list(members, "{", "}") { member in
        buffer.append(jsonString: member.name)
        buffer.append(":")
        write(member.value)
      }
    case .shared(let component): write(.annotated(component, [:]))
    case .annotated(let component, let beside):
      note(component)
      let reference: JSONValue = ["$ref": "#/components/\(component.kind.rawValue)/\(component.name)"]
      write(reference.adding(beside))
    }
  }

  /// What `body` writes, as bytes instead of in the buffer.
  func aside(_ body: (JSONValueWriter) -> Void) -> [UInt8] {
    let outer = buffer
    defer { buffer = outer }
    buffer = ByteBuffer()
    body(self)
    return buffer.array
  }

  /// Removes and returns the waiting parts; writing them may add more.
  func takeWaiting() -> [JSONValue.Component] {
    defer { waiting = [] }
    return waiting
  }

  private func note(_ component: JSONValue.Component) {
    guard known.insert("\(component.kind)/\(component.name)").inserted else { return }
    waiting.append(component)
  }

  private func list<Element>(_ elements: [Element], _ open: StaticString, _ close: StaticString, _ body: (Element) -> Void) {
    buffer.append(open)
    for (position, element) in elements.enumerated() {
      if position > 0 { buffer.append(",") }
      body(element)
    }
    buffer.append(close)
  }
}
