import Service

/// `chancery openapi`: prints the OpenAPI document to standard output.
struct ShowDocument {
  init(_ arguments: CommandLineArguments) throws {
    guard arguments.words.isEmpty, arguments.flags.isEmpty else { throw UsageError("openapi takes no arguments") }
  }

  func run() -> Int32 {
    print(Routes.openAPI.text)
    return 0
  }
}
