internal import Foundation
internal import Glibc

/// A child process whose standard output is read here; standard error goes to a file.
package final class Program {
  package struct CannotStart: Error { package let reason: String }
  package struct StillRunning: Error { package let output: String }

  private let process = Process()
  private let pipe = Pipe()
  /// What it has printed so far.
  package private(set) var printed = ""

  /// The program under test, beside the test bundle.
  package static func chancery() throws -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    for path in CommandLine.arguments + [own] where path.contains(".xctest") {
      guard let slash = path.lastIndex(of: "/") else { continue }
      let program = path[..<slash] + "/chancery"
      if FileManager.default.isExecutableFile(atPath: String(program)) { return String(program) }
    }
    throw CannotStart(reason: "no program `chancery` beside the tests: run `swift build` first")
  }

  /// - Parameters:
  ///   - folder: where it runs.
  ///   - errors: the file that standard error is appended to.
  package init(_ path: String, _ arguments: [String], folder: String, errors: String, environment: [String: String] = [:]) throws {
    if !FileManager.default.fileExists(atPath: errors) { _ = FileManager.default.createFile(atPath: errors, contents: nil) }
    let log = try FileHandle(forWritingTo: URL(filePath: errors))
    try log.seekToEnd()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = log
    try process.run()
    // Our copy of the writing end: the reading one ends when the program does.
    try? pipe.fileHandleForWriting.close()
    try? log.close()
  }

  deinit { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

  package func signal(_ number: Int32) { if process.isRunning { Glibc.kill(process.processIdentifier, number) } }

  /// Reads on until `text` has been printed.
  ///
  /// - Returns: `false` when the program has ended without it.
  package func waitFor(_ text: String, seconds: Double = 30) throws -> Bool {
    let end = monotonicSeconds() + seconds
    while !printed.contains(text) { guard try readOn(until: end) else { return false } }
    return true
  }

  /// Waits for the end of the program, which closes its output.
  ///
  /// - Returns: its exit code, or minus the number of the signal that ended it.
  package func waitForEnd(seconds: Double = 30) throws -> Int32 {
    let end = monotonicSeconds() + seconds
    while try readOn(until: end) {}
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  private func readOn(until end: Double) throws -> Bool {
    var poll = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
    let left = max(0, end - monotonicSeconds())
    guard unsafe Glibc.poll(&poll, 1, Int32(left * 1_000)) == 1 else { throw StillRunning(output: printed) }
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe piece.withUnsafeMutableBytes { unsafe read(pipe.fileHandleForReading.fileDescriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return false }
    printed += String(decoding: piece[..<count], as: UTF8.self)
    return true
  }
}

/// The monotonic clock, for deadlines.
package func monotonicSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
}
