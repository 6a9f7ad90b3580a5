/// `chancery COMMAND [WORD …] [--flag value | --flag=value | --switch]`.
struct CommandLineArguments {
  private(set) var command = "help"
  private(set) var words: [String] = []
  private(set) var flags: [String: String] = [:]

  /// Flags without a value.
  private static let switches = ["demo", "no-demo", "json", "dry-run", "help", "version"]

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    if let first = rest.first, !first.hasPrefix("-") {
      command = first
      rest = rest.dropFirst()
    }
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else {
        words.append(argument)
        continue
      }
      try takeFlag(String(argument.dropFirst(2)), &rest)
    }
    if flags.removeValue(forKey: "help") != nil { command = "help" }
    if flags.removeValue(forKey: "version") != nil { command = "version" }
  }

  private mutating func takeFlag(_ flag: String, _ rest: inout ArraySlice<String>) throws {
    if let equals = flag.firstIndex(of: "=") {
      flags[String(flag[..<equals])] = String(flag[flag.index(after: equals)...])
    } else if Self.switches.contains(flag) {
      flags[flag] = "true"
    } else {
      guard let value = rest.popFirst() else { throw UsageError("--\(flag) needs a value") }
      flags[flag] = value
    }
  }

  /// Removes and returns a command's own flag.
  mutating func take(_ flag: String) -> String? { flags.removeValue(forKey: flag) }
}
