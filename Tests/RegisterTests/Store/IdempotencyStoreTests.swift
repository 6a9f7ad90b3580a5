import SQL
import Store
import TestSupport
import Testing

/// Answers that are kept for a request that is sent again.
@Suite struct IdempotencyStoreTests {
  private let database: MigratedDatabase

  init() throws { database = try MigratedDatabase() }

  private func store(_ answer: IdempotencyStore.Answer, _ key: String, _ fingerprint: String, at moment: Int64) async throws {
    try await database.write { transaction in
      try IdempotencyStore(transaction.connection).store(answer, under: key, fingerprint: fingerprint, at: moment)
    }
  }

  private func found(_ key: String, since moment: Int64) throws -> String? {
    try IdempotencyStore(database.reader).find(key, since: moment).map {
      "\($0.fingerprint) \($0.answer.id) \($0.answer.version) \($0.answer.status) \($0.answer.body)"
    }
  }

  @Test func `an answer is found under its key as it was given, after its moment only`() async throws {
    try await store(.init(id: 7, version: 2, body: #"{"é":"\n"}"#, status: 202), "k", "f", at: 1_000)
    #expect(try found("k", since: 999) == #"f 7 2 202 {"é":"\n"}"#)
    #expect(try found("k", since: 1_000) == nil && found("K", since: 0) == nil && found("", since: 0) == nil)
  }

  @Test func `a key has its last answer, and keys are apart`() async throws {
    try await store(.init(id: 1, version: 1, body: "a"), "k", "f", at: 1)
    try await store(.init(id: 2, version: 1, body: "b"), "k", "g", at: 2)
    try await store(.init(id: 3, version: 1, body: "c"), "l", "f", at: 2)
    #expect(try found("k", since: 0) == "g 2 1 201 b" && found("l", since: 0) == "f 3 1 201 c")
  }

  @Test func `what is too old is forgotten, and nothing else`() async throws {
    for moment in 1...3 { try await store(.init(id: 1, version: 1, body: ""), "\(moment)", "f", at: Int64(moment)) }
    try await database.write { try IdempotencyStore($0.connection).forget(until: 2) }
    #expect(try [1, 2, 3].map { try found("\($0)", since: 0) != nil } == [false, false, true])
  }
}
