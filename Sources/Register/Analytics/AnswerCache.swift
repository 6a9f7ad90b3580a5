internal import Locks

/// Answers that were given since the register last changed: the same question again costs a look-up and a copy.
///
/// Nothing is taken out by hand: an answer belongs to a change number, and all go when that moves.
final class AnswerCache: Sendable {
  struct Answer {
    let body: [UInt8]
    /// The cursor of what is left.
    let cursor: String?
  }

  private struct Kept {
    var seq: Int64 = 0
    var bytes = 0
    var answers: [String: Answer] = [:]
    /// Questions, the oldest first.
    var order: [String] = []
  }

  private let kept = Locked(Kept())
  private let maxBytes: Int

  /// - Parameter maxBytes: of all bodies together; 0 keeps nothing.
  init(maxBytes: Int) { self.maxBytes = maxBytes }

  func answer(to question: String, at seq: Int64) -> Answer? {
    kept.withLock { $0.seq == seq ? $0.answers[question] : nil }
  }

  /// Keeps an answer; the oldest ones make room.
  func keep(_ answer: Answer, to question: String, at seq: Int64) {
    guard answer.body.count <= maxBytes else { return }
    kept.withLock { kept in
      guard seq >= kept.seq else { return }
      if seq > kept.seq { kept = Kept(seq: seq) }
      guard kept.answers.updateValue(answer, forKey: question) == nil else { return }
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
