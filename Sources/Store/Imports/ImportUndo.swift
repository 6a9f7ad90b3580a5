internal import Formats
internal import HTTP
internal import Records
internal import SQL

/// Undoes an import: deletes the records it created and restores those it changed. Records edited since are kept and listed, unless forced.
///
/// The history shows the origin of each version: an import wrote it if an import ended the version before it, and `import_id` names the
/// import.
package final class ImportUndo {
  private struct Kept {
    let resource: Resource
    let id: Int64
    let reason: String
  }

  private typealias Version = ImportTrace.Version

  private static let mostListed = 200
  private static let chunk = 500

  private let id: Int64
  private let isForced: Bool
  private let write: Write
  private var deleted = 0
  private var restored = 0
  private var kept: [Kept] = []
  private var keptCount = 0
  /// Not deleted yet, because other records refer to them.
  private var referenced: [Kept] = []

  private init(_ id: Int64, isForced: Bool, _ write: Write) {
    self.id = id
    self.isForced = isForced
    self.write = write
  }

  /// Undoes the import in the transaction of `write` and stores the outcome in its record: state `undone`, counts, and the first 200 kept
  /// records with reasons.
  ///
  /// - Parameters:
  ///   - id: the import's number.
  ///   - isForced: also undoes records edited or imported again since.
  package static func run(_ id: Int64, isForced: Bool, _ write: Write) throws {
    let undo = ImportUndo(id, isForced: isForced, write.going(on: .undo))
    for resource in order { try undo.takeBack(resource) }
    try undo.deleteReferenced()
    try write.derive(Imports.resource, id) { record in
      record.set(Imports.state, text: "undone")
      record.set(Imports.undo) { undo.append(to: $0, at: write.now) }
    }
  }

  /// Referring records mostly come before those they refer to: events name stakeholders, the others name both.
  private static var order: [Resource] {
    let all = Catalogue.shared.all.filter { !$0.isSystem && $0 !== Stakeholders.resource }
    return all.reversed() + [Stakeholders.resource]
  }

  /// Deletes records that others referred to; retries until a pass deletes nothing.
  private func deleteReferenced() throws {
    while true {
      let waiting = referenced
      referenced = []
      for record in waiting {
        guard let current = try write.load(record.resource, record.id) else { continue }
        try delete(current)
      }
      guard referenced.count < waiting.count else { break }
    }
    for record in referenced { keep(record) }
  }

  private func takeBack(_ resource: Resource) throws {
    let trace = ImportTrace(resource, write.connection)
    var last = Int64.max
    while true {
      let ids = try trace.records(of: id, below: last, atMost: Self.chunk)
      for id in ids { try takeBack(resource, id) }
      guard let lowest = ids.last else { break }
      last = lowest
    }
    // Records changed by a later import carry that import's number.
    for id in try trace.changedSince(id) { try takeBack(resource, id) }
  }

  private func takeBack(_ resource: Resource, _ record: Int64) throws {
    // It may have been deleted with its parent.
    guard let current = try write.load(resource, record) else { return }
    let versions = Self.standing(try ImportTrace(resource, write.connection).versions(of: current))
    guard let first = versions.first(where: { isOurs($0) }) else { return }
    let later = versions.filter { $0.number > first.number }
    guard isForced || !later.contains(where: { $0.cameBy == "update" }) else { return keep(current, "edited since") }
    guard isForced || !later.contains(where: { $0.importID != id }) else { return keep(current, "changed by a later import") }
    if first.number == 1 { return try delete(current) }
    try restore(current, to: first.number - 1)
    guard resource === Events.resource else { return }
    try forgetReports(of: record, by: Set(later.map(\.importID)).union([id]))
  }

  /// Forgets the reports that the removed versions counted, so that the same rows can be imported again.
  private func forgetReports(of event: Int64, by imports: Set<Int64>) throws {
    let reports = EventReports(write.connection)
    for id in imports { try reports.forget(of: event, by: id) }
  }

  /// The versions that have not been undone: a version made by an undo carries the import of the version it restored.
  private static func standing(_ versions: [Version]) -> [Version] {
    var standing: [Version] = []
    for version in versions {
      guard version.cameBy == "undo" else {
        standing.append(version)
        continue
      }
      while let last = standing.last, last.importID != version.importID { standing.removeLast() }
    }
    return standing
  }

  private func isOurs(_ version: Version) -> Bool {
    version.importID == id && (version.number == 1 || version.cameBy == "import")
  }

  private func delete(_ current: Draft) throws {
    if !isForced, let reason = try partsOfOthers(current) {
      return referenced.append(Kept(resource: current.resource, id: current.id, reason: reason))
    }
    do {
      // A savepoint, since parts are deleted first: if the record stays, they must too.
      try write.whole { try write.delete(current) }
      deleted += 1
    } catch let problem as Problem where problem.code == "referenced" {
      referenced.append(Kept(resource: current.resource, id: current.id, reason: problem.detail ?? "other records refer to it"))
    }
  }

  /// The import's own parts are deleted by now; remaining ones were created by others or edited.
  private func partsOfOthers(_ current: Draft) throws -> String? {
    for part in Catalogue.shared.parts(of: current.resource) {
      let count = try ImportTrace(current.resource, write.connection).parts(part, of: current.id)
      if count > 0 { return "it has \(count) \(part.name) that are kept" }
    }
    return nil
  }

  private func restore(_ current: Draft, to version: Int64) throws {
    guard let old = try ImportTrace(current.resource, write.connection).record(current.id, version: version) else { return }
    try write.restore(current, to: old)
    restored += 1
  }

  private func keep(_ record: Draft, _ reason: String) {
    keep(Kept(resource: record.resource, id: record.id, reason: reason))
  }

  private func keep(_ record: Kept) {
    keptCount += 1
    if kept.count < Self.mostListed { kept.append(record) }
  }

  private func append(to json: ByteBuffer, at moment: Int64) {
    json.append("{\"at\":\"")
    json.append(timestamp: moment)
    json.append("\",\"forced\":\(isForced),\"deleted\":\(deleted),\"restored\":\(restored),\"kept\":\(keptCount),\"kept_records\":[")
    for (position, record) in kept.enumerated() {
      json.append(position == 0 ? "{\"resource\":" : ",{\"resource\":")
      json.append(jsonString: record.resource.name)
      json.append(",\"id\":\"")
      json.append(id: record.id, prefix: record.resource.prefix)
      json.append("\",\"reason\":")
      json.append(jsonString: record.reason)
      json.append("}")
    }
    json.append("]}")
  }
}
