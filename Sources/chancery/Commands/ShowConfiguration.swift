/// `chancery config show | check`: every setting with its value and origin.
struct ShowConfiguration {
  private let reader: ConfigurationReader
  private let action: String
  private let isJSON: Bool

  init(_ arguments: CommandLineArguments, _ environment: [String: String]) throws {
    var arguments = arguments
    isJSON = arguments.take("json") != nil
    action = arguments.words.first ?? "show"
    guard ["show", "check"].contains(action), arguments.words.count <= 1 else {
      throw UsageError("config expects show or check, not \"\(arguments.words.joined(separator: " "))\"")
    }
    reader = try ConfigurationReader(flags: arguments.flags, environment: environment)
  }

  func run() throws -> Int32 {
    guard action == "show" else {
      _ = try Serve(reader.configuration)
      print("the configuration is valid")
      return 0
    }
    for setting in Setting.all {
      let value = setting.show(reader.configuration)
      let origin = reader.origins[setting.key] ?? "default"
      if isJSON {
        print("{\"key\":\"\(setting.key)\",\"value\":\"\(value)\",\"origin\":\"\(origin)\"}")
      } else {
        print("\(pad(setting.key, 30)) \(pad(value, 24)) \(pad(origin, 28)) \(setting.doc)")
      }
    }
    return 0
  }

  private func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
}
