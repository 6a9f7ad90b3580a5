internal import HTTP
internal import SQL
internal import Store

extension Register {
  /// Makes figures come from the events while the small rollups disagree with them; `settle` then rebuilds the rollups.
  ///
  /// Call it before the first answer.
  package func checkRollups() async throws {
    let reader = try database.makeReader()
    guard try reader.integer(Rollups.behind) == nil else { return }
    let faults = try RollupCheck.faults(reader)
    guard !faults.isEmpty else { return }
    log.rollupsAreMadeAnew(faults)
    try await database.write(.unlimited) { try Rollups.distrust($0.connection) }
  }

  /// Rebuilds what a crash, a migration or a manual edit has left undone: deferred indexes, and rollups that are behind or do not add up.
  /// Until then queries read the events, and a write waits for its turn.
  package func settle() async {
    await database.makeDeferredIndexes(log)
    do {
      let reader = try database.makeReader()
      let isBehind = try reader.integer(Rollups.behind) != nil
      let faults = isBehind ? [] : try RollupCheck.faultsOfLarge(reader)
      guard isBehind || !faults.isEmpty else { return }
      if !faults.isEmpty { log.rollupsAreMadeAnew(faults) }
      try await database.write(.unlimited) { transaction in
        if !faults.isEmpty { try Rollups.distrust(transaction.connection) }
        Write(transaction).follower(Rollups.self).settle()
      }
    } catch {
      // The next write of an event tries again.
      log.failure("rollups", "the rollups cannot be rebuilt now: \(error)")
    }
  }
}

extension Log {
  fileprivate func rollupsAreMadeAnew(_ faults: [String]) {
    failure("rollups", "the rollups are rebuilt from the events: \(faults.joined(separator: ", "))")
  }
}
