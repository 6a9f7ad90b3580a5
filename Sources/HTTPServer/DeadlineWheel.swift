/// A timer wheel: a ring of slots, one per tick. Owns no clock.
///
/// A deadline that moves back costs nothing: its entry stays, comes back early and is filed again.
struct DeadlineWheel {
  struct Entry {
    let descriptor: Int32
    /// Distinguishes successive owners of one descriptor number.
    let serial: UInt32
  }

  /// The length of a tick, in milliseconds.
  static let tickMilliseconds = 100
  private static let slotCount = 1_024

  private var slots: [[Entry]] = Array(repeating: [], count: DeadlineWheel.slotCount)
  private var entryCount = 0
  private var lastTick = 0
  /// No entry is due before this tick.
  private(set) var nextDue = Int.max

  /// Files an entry under `tick`, or as far ahead as the ring reaches.
  ///
  /// - Returns: the tick at which the entry comes back.
  mutating func add(_ entry: Entry, at tick: Int) -> Int {
    let due = min(max(tick, lastTick + 1), lastTick + Self.slotCount - 1)
    slots[due % Self.slotCount].append(entry)
    entryCount += 1
    nextDue = min(nextDue, due)
    return due
  }

  /// Removes the entries due at `now` or before, tick by tick.
  ///
  /// - Returns: entries with their tick; empty when nothing is due.
  mutating func expire(at now: Int) -> [(entry: Entry, tick: Int)] {
    guard now >= nextDue else {
      // No entry lies between, so the ring may advance.
      if nextDue == .max || now < nextDue { lastTick = max(lastTick, now) }
      return []
    }
    var due: [(entry: Entry, tick: Int)] = []
    for tick in max(nextDue, lastTick + 1)...max(now, nextDue) { takeSlot(tick, into: &due) }
    lastTick = max(lastTick, now)
    nextDue = firstOccupied()
    return due
  }

  private mutating func takeSlot(_ tick: Int, into due: inout [(entry: Entry, tick: Int)]) {
    let slot = tick % Self.slotCount
    guard !slots[slot].isEmpty else { return }
    for entry in slots[slot] { due.append((entry, tick)) }
    entryCount -= slots[slot].count
    slots[slot] = []
  }

  private func firstOccupied() -> Int {
    guard entryCount > 0 else { return .max }
    for tick in lastTick + 1..<lastTick + Self.slotCount where !slots[tick % Self.slotCount].isEmpty { return tick }
    return .max
  }
}
