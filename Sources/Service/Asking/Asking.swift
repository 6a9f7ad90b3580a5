internal import Records
internal import Store

/// The order in which a GET is answered: tag, compare, cache, parse, run, store. A value without I/O: `Answering` performs each `Action`
/// and reports the result, which yields the next action.
///
/// - A client that sends the tag has asked this before, so unchanged data is answered 304 before anything is parsed.
/// - `If-None-Match: *` proves nothing: the query is parsed first, and an invalid one stays a 400.
/// - A query that may contain `now` is parsed before it is compared: it can mean something else each time.
/// - A tag names one body only (RFC 9110 §8.8.1): an answer loses it if the register changed during the read.
package struct Asking {
  /// The kind of `If-None-Match` in the request (RFC 9110 §13.1.2).
  package enum Condition: Equatable {
    /// The request has no such field.
    case none
    /// `*`
    case any
    /// One or more entity tags.
    case listed
  }

  /// When an answer is cached until the register changes.
  package enum Keeping: Equatable {
    /// For streams and answers that are cheap to make again.
    case never
    /// For cheap answers: the first repetition makes them worth caching.
    case whenAskedTwice
    /// For answers that are expensive to compute.
    case always
  }

  /// Properties shared by all queries of a kind, declared by the handler.
  package struct Terms {
    /// The question's hash; with the register's change number it makes the entity tag.
    package let hash: UInt64
    /// Whether the tag expires with the UTC day: records become overdue at midnight.
    package let isDated: Bool
    /// When answers are cached.
    package var keeping = Keeping.never
    /// Whether the query may contain `now`.
    package var mayBeRelative = false
    /// Whether the answer changes now without a change number.
    package var isMoving = false
    /// Whether an answer for this very moment gets a tag, unique in that case.
    package var tagsMoments = true
    /// Whether a query that parses has an answer. A history is known to exist only once it is read.
    package var existsWhenParsed = true

    /// - Parameters:
    ///   - hash: of path, query and format.
    ///   - isDated: whether the tag expires with the UTC day.
    ///   - mayBeRelative: whether the query may contain `now`.
    package init(hash: UInt64, isDated: Bool, keeping: Keeping = .never, mayBeRelative: Bool = false) {
      self.hash = hash
      self.isDated = isDated
      self.keeping = keeping
      self.mayBeRelative = mayBeRelative
    }
  }

  /// Where a query runs.
  package enum Place: Equatable {
    /// On the loop's own connection, or on a reader if that takes too long.
    case loop
    /// On a reader that sees the full-text index.
    case index
    /// Page by page, at the client's pace.
    case stream
  }

  /// The result of parsing.
  package struct Parsed: Equatable {
    /// Whether the query means something else a moment later.
    package var isMomentary = false
    /// Whether the index may be behind: then the answer does not belong to its change number.
    package var isStaleAllowed = false
    /// Where the query runs.
    package var place = Place.loop

    /// A query for the loop unless `place` says otherwise.
    package init(isMomentary: Bool = false, isStaleAllowed: Bool = false, place: Place = .loop) {
      self.isMomentary = isMomentary
      self.isStaleAllowed = isStaleAllowed
      self.place = place
    }
  }

  /// The next step.
  package enum Action: Equatable {
    /// Report with `parsed`.
    case parse
    /// Does `If-None-Match` name this tag? Report with `compared`.
    case compare(tag: String)
    /// Is the answer cached? Report with `lookedUp`.
    case lookUp
    /// Was the question asked before? Report with `noted`.
    case noteAsked
    /// Run the query. Report with `ran`, or with `exceeded` if a loop may not run it.
    case runOnLoop, runOnReader
    /// Stream the answer page by page under `tag`; the last step.
    case stream(tag: String?)
    /// Send the cached answer with `tag`; the last step.
    case giveKept(tag: String?)
    /// The last step.
    case end(Ending)
  }

  /// How an exchange ends that is neither streamed nor answered from the cache.
  package enum Ending: Equatable {
    /// Answer 304 with `tag`.
    case unchanged(tag: String?)
    /// Send the answer with `tag`, and cache it if `keeps`.
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
  ///   - state: the register's state when the request arrives.
  ///   - now: Unix milliseconds.
  package init(_ terms: Terms, _ condition: Condition, state: AnswerCache.State, now: Int64) {
    self.terms = terms
    self.condition = condition
    self.state = state
    self.now = now
  }

  /// Where the query runs; the loop until it has been parsed.
  package var place: Place { parsed?.place ?? .loop }
  /// Whether the answer may come from an index that is behind (`stale=true`).
  package var isStaleAllowed: Bool { parsed?.isStaleAllowed ?? false }

  // MARK: Reports

  /// The first step: parse a query that may contain `now`, else compare tags.
  package mutating func begin() -> Action { terms.mayBeRelative ? .parse : compare() }

  /// Reports a valid query; an invalid one throws before this.
  package mutating func parsed(_ parsed: Parsed) -> Action {
    self.parsed = parsed
    return isTagged ? run() : compare()
  }

  /// Reports whether `If-None-Match` names the tag (RFC 9110 §13.1.2).
  package mutating func compared(isSame: Bool) -> Action { isSame ? .end(.unchanged(tag: tag)) : lookUp() }

  /// Reports whether the cache has the answer.
  package mutating func lookedUp(isKept: Bool) -> Action { isKept ? .giveKept(tag: tag) : parseOrRun() }

  /// Reports whether the question was asked before in this state; only then is its answer cached.
  package mutating func noted(wasAsked: Bool) -> Action {
    isKept = wasAsked
    return read()
  }

  /// Reports that the read exceeded a loop's time limit.
  package func exceeded() -> Action { .runOnReader }

  /// Reports that the query has run.
  ///
  /// - Parameter seq: the register's change number after the read.
  package mutating func ran(seq: Int64) -> Ending {
    if seq != state.seq { (tag, isKept) = (nil, false) }
    if condition == .any, !terms.existsWhenParsed { return .unchanged(tag: tag) }
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
    if condition == .any, terms.existsWhenParsed { return .end(.unchanged(tag: tag)) }
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
