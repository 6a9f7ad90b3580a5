/// A database file beside the register's that is made from it and may be thrown away at any time, such as a full-text index.
package protocol DerivedFile: AnyObject, Sendable {
  /// The one connection that writes the file, which is made if it is not there.
  ///
  /// - Throws: `SQLError` of kind `.damaged` when what lies there is no database.
  func makeWriter() throws -> any Connection

  /// Reads the register for whoever fills the file: each row once, so with little memory.
  func makeSource() throws -> any Connection

  /// Reads the register, with the file attached under `schema`.
  func makeReader(schema: String) throws -> any Connection

  /// An empty database in memory, with the same engine.
  func makeScratch() throws -> any Connection

  /// Throws the file away; connections that have it open keep what they see.
  func remove()
}
