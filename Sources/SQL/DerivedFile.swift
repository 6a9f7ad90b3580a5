/// A database file derived from the register's and kept beside it, such as a full-text index. It may be deleted at any time.
package protocol DerivedFile: AnyObject, Sendable {
  /// Opens the only connection that writes the file; creates the file if it is missing.
  ///
  /// - Throws: `SQLError` of kind `.damaged` when the file is not a database.
  func makeWriter() throws -> any Connection

  /// Opens a read-only connection to the register for filling the file. Each row is read once, so its page cache is small.
  func makeSource() throws -> any Connection

  /// Opens a read-only connection to the register with the file attached under `schema`.
  func makeReader(schema: String) throws -> any Connection

  /// Opens an empty in-memory database of the same engine.
  func makeScratch() throws -> any Connection

  /// Deletes the file; connections that have it open keep their contents.
  func remove()
}
