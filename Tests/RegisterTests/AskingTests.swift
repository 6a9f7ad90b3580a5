import Records
import Service
import Store
import Testing

/// How a GET is answered, step by step, without a connection, a cache or a clock.
@Suite struct AskingTests {
  private static let tag = "s7d20000-z"

  private func asking(_ condition: Asking.Condition = .none, _ change: (inout Asking.Terms) -> Void = { _ in }) -> Asking {
    var terms = Asking.Terms(hash: 35, isDated: true)
    change(&terms)
    return Asking(terms, condition, state: .init(seq: 7, day: 20_000), now: 1_728_000_000_123)
  }

  @Test func `a question without conditions is parsed, run on the loop and answered with its tag`() {
    var asking = asking()
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init()) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag, keeps: false))
  }

  @Test func `the client that holds the tag is answered before anything is parsed`() {
    var asking = asking(.listed) { $0.keeping = .always }
    #expect(asking.begin() == .compare(tag: Self.tag))
    #expect(asking.compared(isSame: true) == .end(.unchanged(tag: Self.tag)))
  }

  @Test func `another tag leads to the kept answer, and without one to parsing`() {
    var asking = asking(.listed) { $0.keeping = .always }
    #expect(asking.begin() == .compare(tag: Self.tag))
    #expect(asking.compared(isSame: false) == .lookUp)
    #expect(asking.lookedUp(isKept: true) == .giveKept(tag: Self.tag))
    #expect(asking.lookedUp(isKept: false) == .parse)
  }

  @Test func `any tag at all is compared only when the question is understood`() {
    var asking = asking(.any) { $0.keeping = .always }
    #expect(asking.begin() == .parse, "a kept answer is no reason to pass over a refusal")
    #expect(asking.parsed(.init()) == .end(.unchanged(tag: Self.tag)))
  }

  @Test func `any tag at all waits for the answer where only reading tells whether there is one`() {
    var asking = asking(.any) { $0.existsWhenParsed = false }
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init()) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .unchanged(tag: Self.tag))
  }

  @Test func `what may hold now is parsed before it is compared`() {
    var asking = asking(.listed) { $0.mayBeRelative = true }
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init()) == .compare(tag: Self.tag))
    #expect(asking.compared(isSame: false) == .runOnLoop, "it is not parsed twice")
  }

  @Test func `an answer of this moment has a tag of its own and is not kept`() {
    var asking = asking(.listed) {
      $0.mayBeRelative = true
      $0.keeping = .always
    }
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init(isMomentary: true)) == .compare(tag: Self.tag + ".1728000000123"))
    #expect(asking.compared(isSame: false) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag + ".1728000000123", keeps: false))
  }

  @Test func `figures of this moment have no tag`() {
    var asking = asking(.listed) {
      $0.mayBeRelative = true
      $0.tagsMoments = false
    }
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init(isMomentary: true)) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .respond(tag: nil, keeps: false))
  }

  @Test func `what moves without a change number is of this moment whatever is asked`() {
    var asking = asking {
      $0.isMoving = true
      $0.keeping = .always
    }
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init()) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag + ".1728000000123", keeps: false))
  }

  @Test(arguments: [(true, true), (false, false)])
  func `a list is kept when it is asked twice`(wasAsked: Bool, keeps: Bool) {
    var asking = asking { $0.keeping = .whenAskedTwice }
    #expect(asking.begin() == .lookUp)
    #expect(asking.lookedUp(isKept: false) == .parse)
    #expect(asking.parsed(.init()) == .noteAsked)
    #expect(asking.noted(wasAsked: wasAsked) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag, keeps: keeps))
  }

  @Test func `figures are kept at once`() {
    var asking = asking { $0.keeping = .always }
    #expect(asking.begin() == .lookUp)
    #expect(asking.lookedUp(isKept: false) == .parse)
    #expect(asking.parsed(.init()) == .runOnLoop)
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag, keeps: true))
  }

  @Test func `what takes too long on the loop goes to a reader, and loses its tag when the register moved`() {
    var asking = asking { $0.keeping = .always }
    #expect(asking.begin() == .lookUp)
    #expect(asking.lookedUp(isKept: false) == .parse)
    #expect(asking.parsed(.init()) == .runOnLoop)
    #expect(asking.exceeded() == .runOnReader)
    var moved = asking
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag, keeps: true))
    #expect(moved.ran(seq: 8) == .respond(tag: nil, keeps: false))
  }

  @Test func `a search is read where the index is, and a stale one has no tag and is not kept`() {
    var asking = asking { $0.keeping = .always }
    #expect(asking.begin() == .lookUp)
    #expect(asking.lookedUp(isKept: false) == .parse)
    var stale = asking
    #expect(asking.parsed(.init(place: .index)) == .runOnReader)
    #expect(asking.ran(seq: 7) == .respond(tag: Self.tag, keeps: true))
    #expect(stale.parsed(.init(isStaleAllowed: true, place: .index)) == .runOnReader)
    #expect(stale.ran(seq: 7) == .respond(tag: nil, keeps: false))
  }

  @Test func `a stream has the tag, and is neither kept nor given from what was kept`() {
    var asking = asking()
    #expect(asking.begin() == .parse)
    #expect(asking.parsed(.init(place: .stream)) == .stream(tag: Self.tag))
  }

  @Test func `a tag that is not dated outlives midnight`() {
    var asking = Asking(.init(hash: 35, isDated: false), .listed, state: .init(seq: 7, day: 20_000), now: 0)
    #expect(asking.begin() == .compare(tag: "s7-z"))
  }
}
