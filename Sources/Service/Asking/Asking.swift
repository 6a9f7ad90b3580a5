internal import Records
internal import Store

/// The order in which a GET is answered: tag, compare, cache, parse, run, keep. A value without I/O: `Answering` performs each `Action`
/// and reports what came of it, which gives the next one.
///
/// - Who sends the tag has asked this question before, so unchanged data is answered 304 before anything is parsed.
/// - `If-None-Match: *` proves nothing of the kind: the question is parsed first, and one that is refused stays a 400.
/// - A question that may hold `now` is parsed before it is compared: asked again it can mean something else.
/// - A tag names one body only (RFC 9110 §8.8.1): an answer loses it when the register moved while it was read.
package struct Asking {
  /// What the client sent as `If-None-Match` (RFC 9110 §13.1.2).
  package enum Condition: Equatable {
    case none
    /// `*`
    case any
    /// One or more entity tags.
    case listed
  }

  /// When an answer is kept until the register changes.
  package enum Keeping: Equatable {
    case never
    /// What nobody asks twice is not worth its place.
    case whenAskedTwice
    /// What it cost to compute is worth its place.
    case always
  }

  /// What holds for all questions of a kind, declared by the handler.
  package struct Terms {
    /// Of the question: with the register's change number it makes the entity tag.
    package let hash: UInt64
    /// Whether the tag does not outlive the UTC day: what is overdue changes at midnight.
    package let isDated: Bool
    package var keeping = Keeping.never
    /// Whether `now` may stand in the question.
    package var mayBeRelative = false
    /// Whether the answer changes now without a change number.
    package var isMoving = false
    /// Whether an answer of this very moment has a tag, which is unique then.
    package var tagsMoments = true
    /// Whether a question that parses has an answer. A history tells only when it is read.
    package var existsWhenParsed = true

    package init(hash: UInt64, isDated: Bool, keeping: Keeping = .never, mayBeRelative: Bool = false) {
      self.hash = hash
      self.isDated = isDated
      self.keeping = keeping
      self.mayBeRelative = mayBeRelative
    }
  }

  /// Where an answer is read.
  package enum Place: Equatable {
    /// On the loop's own connection, or on a reader if that takes too long.
    case loop
    /// On a reader that sees the full-text index.
    case index
    /// Page by page, with the client's pace.
    case stream
  }

  /// What parsing found.
  package struct Parsed: Equatable {
    /// Whether the question means something else a moment later.
    package var isMomentary = false
    /// Whether the index may be behind: the answer is not the one of its change number.
    package var isStaleAllowed = false
    package var place = Place.loop

    package init(isMomentary: Bool = false, isStaleAllowed: Bool = false, place: Place = .loop) {
      self.isMomentary = isMomentary
      self.isStaleAllowed = isStaleAllowed
      self.place = place
    }
  }

  /// What is to be done next.
  package enum Action: Equatable {
    /// Report with `parsed`.
    case parse
    /// Does `If-None-Match` name this tag? Report with `compared`.
    case compare(tag: String)
    /// Is there a kept answer? Report with `lookedUp`.
    case lookUp
    /// Was the question asked before? Report with `noted`.
    case noteAsked
    /// Report with `ran`.
    case runOnLoop, runOnReader
    case stream(tag: String?)
    case answerUnchanged(tag: String?)
    case giveKept(tag: String?)
    case respond(tag: String?, keeps: Bool)
  }

  private let terms: Terms
  private let condition: Condition
  private let state: AnswerCache.State
  /// Unix milliseconds.
  private let now: Int64
  private var tag: String?
  private var isTagged = false
  private var parsed: Parsed?
  private var isKept = false

  /// - Parameters:
  ///   - state: what the register is at when the question arrives.
  ///   - now: Unix milliseconds.
  package init(_ terms: Terms, _ condition: Condition, state: AnswerCache.State, now: Int64) {
    self.terms = terms
    self.condition = condition
    self.state = state
    self.now = now
  }

  /// Where the question is read.
  package var place: Place { parsed?.place ?? .loop }
  package var isStaleAllowed: Bool { parsed?.isStaleAllowed ?? false }

  // MARK: Reports

  package mutating func begin() -> Action { terms.mayBeRelative ? .parse : compare() }

  package mutating func parsed(_ parsed: Parsed) -> Action {
    self.parsed = parsed
    return isTagged ? run() : compare()
  }

  package mutating func compared(isSame: Bool) -> Action { isSame ? .answerUnchanged(tag: tag) : lookUp() }

  package mutating func lookedUp(isKept: Bool) -> Action { isKept ? .giveKept(tag: tag) : parseOrRun() }

  package mutating func noted(wasAsked: Bool) -> Action {
    isKept = wasAsked
    return read()
  }

  /// - Parameters:
  ///   - isDone: `false` when it took longer than a loop may wait.
  ///   - seq: the register's change number now.
  package mutating func ran(isDone: Bool = true, seq: Int64) -> Action {
    guard isDone else { return .runOnReader }
    if seq != state.seq { (tag, isKept) = (nil, false) }
    if condition == .any, !terms.existsWhenParsed { return .answerUnchanged(tag: tag) }
    return .respond(tag: tag, keeps: isKept)
  }

  // MARK: Steps

  private var isMomentary: Bool { terms.isMoving || parsed?.isMomentary == true }
  private var mayBeKept: Bool { terms.keeping != .never && !isMomentary }

  private mutating func compare() -> Action {
    tag = makeTag()
    isTagged = true
    if condition == .listed, let tag { return .compare(tag: tag) }
    return lookUp()
  }

  private mutating func lookUp() -> Action { mayBeKept && condition != .any ? .lookUp : parseOrRun() }

  private mutating func parseOrRun() -> Action { parsed == nil ? .parse : run() }

  private mutating func run() -> Action {
    if isStaleAllowed { tag = nil }
    if condition == .any, terms.existsWhenParsed { return .answerUnchanged(tag: tag) }
    if place == .stream { return .stream(tag: tag) }
    guard mayBeKept, !isStaleAllowed else { return read() }
    if terms.keeping == .whenAskedTwice { return .noteAsked }
    isKept = true
    return read()
  }

  private func read() -> Action { place == .index ? .runOnReader : .runOnLoop }

  private func makeTag() -> String? {
    let tag = "s\(state.seq)\(terms.isDated ? "d\(state.day)" : "")-\(String(terms.hash, radix: 36))"
    guard isMomentary else { return tag }
    return terms.tagsMoments ? "\(tag).\(now)" : nil
  }
}
