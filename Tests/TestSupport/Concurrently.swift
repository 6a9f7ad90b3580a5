internal import Dispatch
internal import Synchronization

/// Runs `body` on as many threads at once as there are turns, and gives what each answered, in order.
package func concurrently<Result: Sendable>(_ turns: Int, _ body: @Sendable @escaping (Int) -> Result) -> [Result] {
  let results = Mutex([Int: Result]())
  DispatchQueue.concurrentPerform(iterations: turns) { turn in
    let result = body(turn)
    results.withLock { $0[turn] = result }
  }
  return results.withLock { results in (0..<turns).compactMap { results[$0] } }
}
