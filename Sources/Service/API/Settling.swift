internal import HTTP
internal import SQL
internal import Store

extension Register {
  /// Empties rollups that were made of other columns, or that hold every change and yet disagree with the events: figures come from the
  /// events until `settle` or the writer has made them anew.
  ///
  /// Call it before the first answer.
  package func checkRollups() async throws {
    let reader = try database.makeReader()
    if try RollupCheck.areNew(reader) { return try await database.write(.unlimited) { try Rollups.distrust($0.connection) } }
    let faults = try RollupCheck.faults(reader)
    guard !faults.isEmpty else { return }
    try await distrustRollups(faults)
  }

  /// Makes what a crash, a migration or a manual edit has left undone: deferred indexes, and rollups that lack changes or do not add up.
  /// Others read and write meanwhile.
  package func settle() async {
    await database.makeDeferredIndexes(log)
    do {
      try await catchUp()
      let reader = try database.makeReader()
      let faults = try reader.inSnapshot { try RollupCheck.faults(reader) + RollupCheck.faultsOfLarge(reader) }
      guard !faults.isEmpty else { return }
      try await distrustRollups(faults)
      try await catchUp()
    } catch {
      // The writer goes on with it after the next write.
      log.failure("rollups", "the rollups cannot be rebuilt now: \(error)")
    }
  }

  /// Adds all changes so far to the rollups, a slice for each turn of the writer.
  private func catchUp() async throws {
    let rollups = rollups
    while try await database.write(.unlimited, { try rollups.follow($0.connection, upTo: $0.committedSeq, isQuiet: true, atMost: 60) }) > 0
    {}
  }

  private func distrustRollups(_ faults: [String]) async throws {
    log.failure("rollups", "the rollups are rebuilt from the events: \(faults.joined(separator: ", "))")
    try await database.write(.unlimited) { try Rollups.distrust($0.connection) }
  }
}
