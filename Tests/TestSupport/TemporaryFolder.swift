internal import FoundationEssentials

/// A folder of a test's own, gone when the test is over.
package final class TemporaryFolder: Sendable {
  package let path: String

  /// - Parameter inMemory: where the system has a folder whose files lie in memory, there.
  package init(inMemory: Bool = false) throws {
    let isThere = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm")
    let parent = isThere ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    path = parent + "/chancery-test-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names of what lies in it.
  package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

  /// Removes a file, if it is there.
  package func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path + "/" + name) }

  /// Writes a file.
  ///
  /// - Returns: its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }
}

/// Makes a folder.
package func makeFolder(_ path: String) throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }

/// The bytes of a file; `nil` when it is not there.
package func contents(of path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map { Array($0) } }

/// A file of the data that lie beside the repository, where there are any: tests pass without them.
///
/// - Parameter name: such as `visits/visits_to_us.csv`.
package func sharedFile(_ name: String, near file: String = #filePath) -> [UInt8]? {
  var folders = ProcessInfo.processInfo.environment["CHANCERY_SHARED"].map { [$0] } ?? []
  var folder = file
  while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
    folder = String(folder[..<slash])
    folders.append(folder + "/shared")
  }
  return folders.lazy.compactMap { contents(of: "\($0)/data/\(name)") }.first
}

/// The folder of the repository that a test file `Tests/Room/File.swift` belongs to.
package func repositoryRoot(of file: String = #filePath) -> String {
  String(file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/"))
}
