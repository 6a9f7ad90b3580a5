import Locks
import Testing

@Suite struct `A watermark` {
  @Test func `lets nobody wait for what is reached`() async {
    let mark = Watermark(5)
    #expect(await mark.reach(4) == 5)
    #expect(await mark.reach(5) == 5)
  }

  @Test func `resumes whoever it satisfies, and nobody else`() async {
    let mark = Watermark(0)
    let near = (0..<100).map { _ in Task { await mark.reach(3) } }
    let far = Task { await mark.reach(10) }
    mark.advance(to: 4)
    for waiter in near { #expect(await waiter.value >= 3) }
    let ended = Locked(false)
    let watched = Task {
      let value = await far.value
      ended.withLock { $0 = true }
      return value
    }
    mark.advance(to: 9)
    #expect(!ended.withLock { $0 })
    mark.advance(to: 12)
    #expect(await watched.value == 12)
  }

  @Test func `never falls`() async {
    let mark = Watermark(7)
    mark.advance(to: 3)
    #expect(mark.value == 7)
    mark.step()
    #expect(mark.value == 8)
  }

  @Test func `gives up after the time asked for`() async {
    let mark = Watermark(1)
    async let second = mark.reach(2, within: 60)
    #expect(await mark.reach(2, within: 1) == 1)
    #expect(await second == 1)
    // The timer of a satisfied waiter hurts no later one.
    async let third = mark.reach(2, within: 60_000)
    mark.advance(to: 2)
    #expect(await third == 2)
  }

  @Test func `lets a cancelled task go`() async {
    let mark = Watermark(0)
    let waiter = Task { await mark.reach(1) }
    waiter.cancel()
    #expect(await waiter.value == 0)
  }

  @Test func `lets everyone go when it is closed`() async {
    let mark = Watermark(0)
    let waiters = (0..<50).map { _ in Task { await mark.reach(.max) } }
    mark.close()
    for waiter in waiters { #expect(await waiter.value == 0) }
    #expect(await mark.reach(1) == 0)
  }

  @Test func `starts again below for those who wait`() async {
    let mark = Watermark(9)
    mark.restart(at: 0)
    let waiter = Task { await mark.reach(2) }
    mark.advance(to: 2)
    #expect(await waiter.value == 2)
  }

  @Test func `tells its observers every step up`() {
    let mark = Watermark(0)
    let told = Locked<[Int64]>([])
    mark.observe { value in told.withLock { $0.append(value) } }
    for value: Int64 in [1, 1, 4, 2, 5] { mark.advance(to: value) }
    #expect(told.withLock { $0 } == [1, 4, 5])
  }
}
