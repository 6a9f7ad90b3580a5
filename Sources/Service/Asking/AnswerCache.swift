internal import HTTP
internal import Locks
internal import Records
internal import Store

/// What a request asks for: path, query and form. Two spellings of one question are two.
struct Question: Hashable, Sendable {
  /// Of path, query and form (FNV-1a). No proof that two questions are the same.
  let hash: UInt64
  private let text: [UInt8]

  init(_ path: UnsafeRawBufferPointer, _ query: UnsafeRawBufferPointer, _ format: ListFormat) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    text = unsafe [UInt8](unsafeUninitializedCapacity: path.count + query.count + 2) { text, count in
      var index = 0
      func append(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        unsafe text[index] = byte
        index += 1
      }
      unsafe path.forEach(append)
      append(UInt8(ascii: "?"))
      unsafe query.forEach(append)
      // The forms differ in the length of their names.
      append(UInt8(truncatingIfNeeded: format.rawValue.utf8.count))
      count = index
    }
    self.hash = hash
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  static func == (one: Question, other: Question) -> Bool { one.hash == other.hash && one.text == other.text }
}

/// Answers that were given since the register last changed: the same question again costs a look-up.
///
/// Nothing is taken out by hand: an answer belongs to a change number and a day (what is overdue changes at midnight), and all go when
/// one of these moves.
package final class AnswerCache: Sendable {
  struct Answer: Sendable {
    let body: StoredBody
    /// The field that leads to what is left.
    let link: String?
  }

  /// What the register says until it changes.
  package struct State: Comparable, Sendable {
    package let seq: Int64
    /// Since 1970, UTC.
    package let day: Int64

    package init(seq: Int64, day: Int64) {
      self.seq = seq
      self.day = day
    }

    package static func < (one: State, other: State) -> Bool { (one.seq, one.day) < (other.seq, other.day) }
  }

  private struct Kept {
    var state = State(seq: 0, day: 0)
    var bytes = 0
    var answers: [Question: Answer] = [:]
    /// Questions, the oldest first.
    var order: [Question] = []
    /// Hashes of those that were asked.
    var asked: Set<UInt64> = []

    /// Forgets everything when `state` is a later one.
    ///
    /// - Returns: `false` for one that is over.
    mutating func turn(to state: State) -> Bool {
      if state > self.state { self = Kept(state: state) }
      return state == self.state
    }
  }

  private let kept = Locked(Kept())
  private let maxBytes: Int
  private static let maxAsked = 16_384

  /// - Parameter maxBytes: of all bodies together, before any coding; 0 keeps nothing.
  init(maxBytes: Int) { self.maxBytes = maxBytes }

  /// Whether an answer of that size may be kept at all: then it is worth a copy.
  func hasRoom(for bytes: Int) -> Bool { bytes <= maxBytes }

  func answer(to question: Question, in state: State) -> Answer? {
    kept.withLock { $0.state == state ? $0.answers[question] : nil }
  }

  /// Whether a question was asked before in this state: what nobody asks twice is not worth its place.
  func wasAsked(_ question: Question, in state: State) -> Bool {
    kept.withLock { kept in
      guard kept.turn(to: state) else { return false }
      if kept.asked.count >= Self.maxAsked { kept.asked.removeAll(keepingCapacity: true) }
      return !kept.asked.insert(question.hash).inserted
    }
  }

  /// Keeps an answer; the oldest ones make room.
  func keep(_ answer: Answer, to question: Question, in state: State) {
    guard hasRoom(for: answer.body.count) else { return }
    kept.withLock { kept in
      guard kept.turn(to: state), kept.answers.updateValue(answer, forKey: question) == nil else { return }
      kept.order.append(question)
      kept.bytes += answer.body.count
      var dropped = 0
      while kept.bytes > maxBytes {
        kept.bytes -= kept.answers.removeValue(forKey: kept.order[dropped])?.body.count ?? 0
        dropped += 1
      }
      kept.order.removeFirst(dropped)
    }
  }
}
