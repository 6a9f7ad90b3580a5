internal import Formats
internal import HTTP
internal import Locks
internal import Records
internal import Store

/// A request's path, query and format. Two spellings of one query are two questions.
struct Question: Hashable, Sendable {
  /// A hash of path, query and format (FNV-1a). Equal hashes do not prove equal questions.
  let hash: UInt64
  private let text: [UInt8]

  init(_ path: ByteView, _ query: ByteView, _ format: ListFormat) {
    var text: [UInt8] = []
    text.reserveCapacity(path.count + query.count + 2)
    text.append(contentsOf: path)
    text.append(UInt8(ascii: "?"))
    text.append(contentsOf: query)
    // The formats' names differ in length.
    text.append(UInt8(truncatingIfNeeded: format.rawValue.utf8.count))
    hash = text.withByteView(\.fnv1a)
    self.text = text
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  static func == (one: Question, other: Question) -> Bool { one.hash == other.hash && one.text == other.text }
}

/// Response cache, emptied by each commit: a repeated query costs a look-up.
///
/// Nothing is invalidated by hand: an answer belongs to a change number and a day (records become overdue at midnight), and when either
/// moves, all answers go.
package final class AnswerCache: Sendable {
  struct Answer: Sendable {
    let body: StoredBody
    /// The `Link` field to the next page.
    let link: String?
  }

  /// The change number and day for which an answer is valid.
  package struct State: Comparable, Sendable {
    /// The register's change number: it grows with each commit.
    package let seq: Int64
    /// Days since 1970-01-01, UTC.
    package let day: Int64

    /// - Parameters:
    ///   - seq: the register's change number.
    ///   - day: days since 1970-01-01, UTC.
    package init(seq: Int64, day: Int64) {
      self.seq = seq
      self.day = day
    }

    /// Orders states by change number, then by day.
    package static func < (one: State, other: State) -> Bool { (one.seq, one.day) < (other.seq, other.day) }
  }

  private struct Kept {
    var state = State(seq: 0, day: 0)
    var bytes = 0
    var answers: [Question: Answer] = [:]
    /// Oldest first.
    var order: [Question] = []
    /// Hashes of the questions seen.
    var asked: Set<UInt64> = []

    /// Empties the cache if `state` is a later one.
    ///
    /// - Returns: `false` if `state` is outdated.
    mutating func turn(to state: State) -> Bool {
      if state > self.state { self = Kept(state: state) }
      return state == self.state
    }
  }

  private let kept = Locked(Kept())
  private let maxBytes: Int
  private static let maxAsked = 16_384

  /// - Parameter maxBytes: the sum of all bodies before any coding; 0 turns the cache off.
  init(maxBytes: Int) { self.maxBytes = maxBytes }

  /// Whether an answer of this size fits at all, and is worth a copy.
  func hasRoom(for bytes: Int) -> Bool { bytes <= maxBytes }

  func answer(to question: Question, in state: State) -> Answer? {
    kept.withLock { $0.state == state ? $0.answers[question] : nil }
  }

  /// Whether a question was seen before in this state: an answer that nobody repeats is not worth caching.
  func wasAsked(_ question: Question, in state: State) -> Bool {
    kept.withLock { kept in
      guard kept.turn(to: state) else { return false }
      if kept.asked.count >= Self.maxAsked { kept.asked.removeAll(keepingCapacity: true) }
      return !kept.asked.insert(question.hash).inserted
    }
  }

  /// Caches an answer; evicts the oldest ones.
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
