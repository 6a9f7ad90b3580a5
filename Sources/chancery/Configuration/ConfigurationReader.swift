import Formats
import FoundationEssentials
import Glibc

/// An invalid flag, variable or configuration file: exit code 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Assembles the configuration (flag over environment over file over default) and records the origin of each value.
struct ConfigurationReader {
  private(set) var configuration = Configuration()
  /// Key to origin; a missing key has its default.
  private(set) var origins: [String: String] = [:]

  /// - Parameters:
  ///   - flags: without their dashes, as `CommandLineArguments` gives them.
  ///   - environment: all variables of the process.
  init(flags: [String: String], environment: [String: String]) throws {
    let path = flags["config"] ?? environment["CHANCERY_CONFIG"]
    try readFile(path ?? "config/chancery.json5", mustExist: path != nil)
    try readEnvironment(environment)
    try readFlags(flags)
  }

  /// Reads flags only, no file and no environment.
  init(flags: [String: String]) throws { try readFlags(flags) }

  private mutating func readEnvironment(_ environment: [String: String]) throws {
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("CHANCERY_") && name != "CHANCERY_CONFIG" {
      guard let setting = Setting.all.first(where: { $0.environment == name }) else {
        throw UsageError("there is no setting \(name)\(hint(name, Setting.all.map(\.environment)))")
      }
      try set(setting, value, from: name)
    }
  }

  private mutating func readFlags(_ flags: [String: String]) throws {
    for (name, value) in flags.sorted(by: { $0.key < $1.key }) where name != "config" {
      if name == "no-demo" {
        if let demo = Setting.all.first(where: { $0.key == "demo" }) { try set(demo, "false", from: "--no-demo") }
        continue
      }
      guard let setting = Setting.all.first(where: { $0.flag == name }) else {
        throw UsageError("there is no flag --\(name)\(hint(name, Setting.all.map(\.flag)))")
      }
      try set(setting, value, from: "--\(name)")
    }
  }

  /// - Parameter key: the setting's key, where `origin` covers many.
  private mutating func set(_ setting: Setting, _ value: String, from origin: String, key: String? = nil) throws {
    guard setting.apply(value, &configuration) else {
      throw UsageError("\(origin): \(key.map { "\($0): " } ?? "")\"\(value)\" is not \(setting.form)")
    }
    origins[setting.key] = origin
  }

  // MARK: The file

  private mutating func readFile(_ path: String, mustExist: Bool) throws {
    // An unreadable file is not a missing one: the program would start with another database.
    guard mustExist || mayExist(path) else { return }
    guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { throw UsageError("cannot read the configuration \(path)") }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do { try read(try decoder.decode(Node.self, from: bytes), "", path) } catch let error as UsageError { throw error } catch {
      throw UsageError("\(path) is not JSON5: \(error)")
    }
  }

  private func mayExist(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR) }

  private mutating func read(_ node: Node, _ prefix: String, _ path: String) throws {
    switch node {
    case .object(let members):
      for (name, value) in members.sorted(by: { $0.key < $1.key }) { try read(value, prefix.isEmpty ? name : "\(prefix).\(name)", path) }
    case .value(let text):
      guard !prefix.isEmpty else { throw UsageError("\(path): expected an object, such as {http: {port: 8080}}") }
      guard let setting = Setting.all.first(where: { $0.key == prefix }) else {
        throw UsageError("\(path): there is no key \(prefix)\(hint(prefix, Setting.all.map(\.key)))")
      }
      try set(setting, text, from: path, key: setting.key)
    }
  }

  /// A JSON5 document as far as a configuration needs it: objects, and the text of everything else.
  private enum Node: Decodable {
    case object([String: Node])
    case value(String)

    init(from decoder: any Decoder) throws {
      if let members = try? [String: Node](from: decoder) {
        self = .object(members)
        return
      }
      let single = try decoder.singleValueContainer()
      if let text = try? single.decode(String.self) {
        self = .value(text)
      } else if let flag = try? single.decode(Bool.self) {
        self = .value(String(flag))
      } else if let number = try? single.decode(Int.self) {
        self = .value(String(number))
      } else {
        self = .value(try single.decode([String].self).joined(separator: ","))
      }
    }
  }

  private func hint(_ word: String, _ words: [String]) -> String { nearest(word, in: words).map { "; did you mean \($0)?" } ?? "" }
}
