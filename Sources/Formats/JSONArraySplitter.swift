/// Splits a JSON array of objects, `[ {…}, {…} ]`, into its elements by counting brackets. It does not parse them: `JSONParser` decides
/// whether an element is well-formed.
///
/// Only an element that crosses two pieces of the stream is copied.
package struct JSONArraySplitter: Sendable {
  private enum State { case beforeArray, beforeFirst, beforeNext, inElement, inString, inEscape, afterElement, afterArray, ended }

  private let maxElementBytes: Int
  private var state = State.beforeArray
  private var carry: [UInt8] = []
  private var line = 1
  private var elementLine = 1
  /// Bytes of the stream before this piece, and before this element.
  private var consumed = 0
  private var elementStart = 0
  /// Open brackets in the current element.
  private var depth = 0
  /// Bytes of the element in earlier pieces; they are in `carry`, unless the element is too long.
  private var earlier = 0
  private var isSkipping = false
  private let lifetime = ByteLifetime()
  private static let inString = ByteSet(UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"))

  /// Starts before the first byte of a stream.
  ///
  /// - Parameter maxElementBytes: the longest element; a longer one is an `element_too_long` fault, and reading continues after it.
  package init(maxElementBytes: Int) { self.maxElementBytes = max(maxElementBytes, 0) }

  /// Reads the next bytes of the stream and emits each completed element, which is valid during the call of `emit`.
  ///
  /// Anything but an array of objects is a fault that ends the stream (`array_wanted`, `object_wanted`, `comma_wanted`, `trailing_bytes`);
  /// the rest is ignored.
  package mutating func feed<Failure: Error>(_ bytes: ByteView, _ emit: (StreamRecord) throws(Failure) -> Void) throws(Failure) {
    let bytes = unsafe bytes.unsafeBytes
    var start = 0
    var place = 0
    while place < bytes.count {
      switch state {
      case .ended: return
      case .inString:
        place = unsafe Self.inString.firstIndex(in: bytes, from: place)
        if place < bytes.count { unsafe readInString(bytes[place]) }
      case .inEscape:
        unsafe countLine(bytes[place])
        state = .inString
      case .inElement:
        unsafe readInElement(bytes[place])
        if depth == 0 { try unsafe endElement(UnsafeRawBufferPointer(rebasing: bytes[start...place]), emit) }
      default:
        let byte = unsafe bytes[place]
        if byte == UInt8(ascii: "{"), state == .beforeFirst || state == .beforeNext {
          start = place
          elementStart = consumed &+ place
          startElement()
        } else if let fault = readBetween(byte) {
          try end(with: fault, emit)
        }
      }
      place &+= 1
    }
    consumed &+= bytes.count
    if depth > 0 { try unsafe keep(UnsafeRawBufferPointer(rebasing: bytes[start...]), emit) }
  }

  /// Ends the stream; emits the fault `unterminated` if the array is not closed, `empty` if there was none.
  package mutating func finish<Failure: Error>(_ emit: (StreamRecord) throws(Failure) -> Void) throws(Failure) {
    switch state {
    case .afterArray, .ended: return
    case .beforeArray: try end(with: RecordFault("empty", "the document contains no array", line: line, endsStream: true), emit)
    default:
      let start = depth > 0 ? elementLine : line
      try end(with: RecordFault("unterminated", "the array is not closed", line: start, endsStream: true), emit)
    }
  }

  private mutating func countLine(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") { line += 1 }
  }

  private mutating func startElement() {
    elementLine = line
    depth = 1
    state = .inElement
  }

  private mutating func readInElement(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
    case UInt8(ascii: "\""): state = .inString
    default: countLine(byte)
    }
  }

  private mutating func readInString(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): state = .inElement
    case UInt8(ascii: "\\"): state = .inEscape
    default: countLine(byte)
    }
  }

  /// Reads a byte outside the elements.
  private mutating func readBetween(_ byte: UInt8) -> RecordFault? {
    if byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
      countLine(byte)
      return nil
    }
    switch (state, byte) {
    case (.beforeArray, UInt8(ascii: "[")): state = .beforeFirst
    case (.beforeFirst, UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")): state = .afterArray
    case (.afterElement, UInt8(ascii: ",")): state = .beforeNext
    case (.beforeArray, _): return fault("array_wanted", "the stream must start with [")
    case (.afterElement, _): return fault("comma_wanted", "a comma or ] must follow an element")
    case (.afterArray, _): return fault("trailing_bytes", "extra bytes follow the array")
    default: return fault("object_wanted", "each element must be an object")
    }
    return nil
  }

  private func fault(_ code: String, _ detail: String) -> RecordFault { RecordFault(code, detail, line: line, endsStream: true) }

  private mutating func end<Failure: Error>(
    with fault: RecordFault, _ emit: (StreamRecord) throws(Failure) -> Void
  ) throws(Failure) {
    state = .ended
    depth = 0
    carry.removeAll()
    try emit(StreamRecord(fault: fault, offset: consumed))
  }

  /// - Parameter piece: the bytes of the element in this piece of the stream.
  private mutating func endElement<Failure: Error>(
    _ piece: UnsafeRawBufferPointer, _ emit: (StreamRecord) throws(Failure) -> Void
  ) throws(Failure) {
    state = .afterElement
    defer { lifetime.end() }
    if !isSkipping, earlier &+ piece.count > maxElementBytes { try refuse(emit) }
    if !isSkipping {
      if earlier == 0 {
        try unsafe emit(StreamRecord(line: elementLine, offset: elementStart, bytes: piece, lifetime.moment))
      } else {
        unsafe carry.append(contentsOf: piece)
        try unsafe carry.withUnsafeBufferPointer { bytes throws(Failure) in
          try unsafe emit(StreamRecord(line: elementLine, offset: elementStart, bytes: UnsafeRawBufferPointer(bytes), lifetime.moment))
        }
      }
    }
    carry.removeAll(keepingCapacity: carry.capacity <= 1 << 20)
    earlier = 0
    isSkipping = false
  }

  private mutating func keep<Failure: Error>(
    _ piece: UnsafeRawBufferPointer, _ emit: (StreamRecord) throws(Failure) -> Void
  ) throws(Failure) {
    earlier &+= piece.count
    if isSkipping { return }
    if earlier > maxElementBytes { return try refuse(emit) }
    unsafe carry.append(contentsOf: piece)
  }

  private mutating func refuse<Failure: Error>(_ emit: (StreamRecord) throws(Failure) -> Void) throws(Failure) {
    carry.removeAll()
    isSkipping = true
    let fault = RecordFault("element_too_long", "an element has at most \(maxElementBytes) bytes", line: elementLine)
    try emit(StreamRecord(fault: fault, offset: elementStart))
  }
}
