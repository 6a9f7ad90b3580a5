package import Formats

/// Path segments that no handle may equal: `/v1/stakeholders/aggregate` is not a stakeholder, and a record with that handle could not be
/// read. A test compares them with the routes.
package enum ReservedHandles {
  /// The path segments that follow a collection where a handle could, and the dot segments, which clients remove before they ask
  /// (RFC 3986 §5.2.4).
  package static let words = ["aggregate", "aggregate.json", "aggregate.ndjson", "aggregate.csv", "by-external", ".", ".."]
  private static let index = ByteIndex(words)

  /// Whether a handle is reserved; case counts.
  package static func contains(_ handle: ByteView) -> Bool { index[handle] != nil }
}
