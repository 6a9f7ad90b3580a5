package import Formats

/// Words that stand in paths where a handle could: `/v1/stakeholders/aggregate` is no stakeholder. A record that was called so could not
/// be read. A test holds them to the routes.
package enum ReservedHandles {
  package static let words = ["aggregate", "aggregate.json", "aggregate.ndjson", "aggregate.csv", "by-external"]
  private static let index = ByteIndex(words)

  /// Whether a handle is one of them.
  package static func contains(_ handle: ByteView) -> Bool { index[handle] != nil }
}
