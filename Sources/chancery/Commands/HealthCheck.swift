/// `chancery healthcheck`: asks the running server whether it is well; for a container's HEALTHCHECK.
struct HealthCheck {
  private let configuration: Configuration

  init(_ arguments: CommandLineArguments, _ environment: [String: String]) throws {
    configuration = try ConfigurationReader(flags: arguments.flags, environment: environment).configuration
  }

  func run() throws -> Int32 {
    let client = try Client(configuration)
    let answer = try client.send("GET", "/readyz")
    print(answer.body)
    return answer.status == 200 ? 0 : 1
  }
}
