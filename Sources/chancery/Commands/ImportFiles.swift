import Assets
import Formats
import FoundationEssentials
import Glibc
import Service
import Store

/// `chancery import FILE…`: sends files to the running server; it never opens the database itself.
struct ImportFiles {
  private let configuration: Configuration
  private let files: [String]
  private let parameters: String
  private let resource: String?
  private let isJSON: Bool
  private let isDry: Bool

  init(_ arguments: CommandLineArguments, _ environment: [String: String]) throws {
    var arguments = arguments
    isJSON = arguments.take("json") != nil
    resource = arguments.take("resource")
    var parameters: [(String, String)] = []
    for name in ["profile", "mode", "on-error", "max-errors", "create-missing", "interstate", "group", "source"] {
      if let value = arguments.take(name) { parameters.append((name.replacing("-", with: "_"), value)) }
    }
    isDry = arguments.take("dry-run") != nil
    if isDry { parameters.append(("dry_run", "true")) }
    self.parameters = parameters.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
    files = arguments.words
    configuration = try ConfigurationReader(flags: arguments.flags, environment: environment).configuration
    guard !files.isEmpty else { throw UsageError("import needs a file") }
  }

  /// - Returns: 3 when rows were refused.
  func run() throws -> Int32 {
    var code: Int32 = 0
    for file in files { code = max(code, try send(file)) }
    return code
  }

  private func send(_ file: String) throws -> Int32 {
    let form = try Self.form(of: file)
    let name = Self.escaped(String(file.split(separator: "/").last ?? ""))
    let path =
      "/v1/imports\(resource.map { "/\($0.replacing("_", with: "-"))" } ?? "")?\(parameters.isEmpty ? "" : parameters + "&")file_name=\(name)"
    var fields = [("Content-Type", form.type)]
    if form.isGzipped { fields.append(("Content-Encoding", "gzip")) }
    // A dry run has no record to poll.
    if !isDry { fields.append(("Prefer", "respond-async")) }
    let bar = ProgressBar(file)
    defer { bar.end() }
    let client = try Client(configuration)
    let answer = try client.send("POST", path, fields, file: file) { bar.show("sent", $0 * 100) }
    guard answer.status == 202 else { return try report(file, answer) }
    return try report(file, try follow(answer, client, bar))
  }

  /// The polling interval, in microseconds.
  private static let askMicroseconds: UInt32 = 200_000

  /// Polls until the import has ended.
  private func follow(_ first: Client.Answer, _ client: Client, _ bar: ProgressBar) throws -> Client.Answer {
    var answer = first
    while true {
      guard let record = ImportRecord(answer.body), record.goesOn else { return answer }
      bar.show("\(record.read) rows read", record.percent)
      usleep(bar.isShown ? Self.askMicroseconds : Self.askMicroseconds / 4)
      answer = try client.send("GET", "/v1/imports/\(record.id)")
    }
  }

  /// `chancery demo`: sends the demo register to the running server.
  static func demo(_ arguments: CommandLineArguments, _ environment: [String: String]) throws -> Int32 {
    let importer = try ImportFiles(named: ["demo.ndjson"], arguments, environment)
    let answer = try Client(importer.configuration).send(
      "POST", "/v1/imports?file_name=demo.ndjson", [("Content-Type", "application/x-ndjson")], body: Assets.demo)
    return try importer.report("demo.ndjson", answer)
  }

  private init(named files: [String], _ arguments: CommandLineArguments, _ environment: [String: String]) throws {
    self.files = files
    parameters = ""
    resource = nil
    isJSON = false
    isDry = false
    configuration = try ConfigurationReader(flags: arguments.flags, environment: environment).configuration
  }

  // MARK: The answer

  private func report(_ file: String, _ answer: Client.Answer) throws -> Int32 {
    let parser = JSONParser(maxDepth: 64)
    defer { withExtendedLifetime(parser) {} }
    guard let node = answer.body.withByteView({ try? parser.parse($0) }), let counts = node["counts"] else {
      Chancery.say("\(file): \(answer.status) \(answer.body)")
      return 1
    }
    if isJSON {
      print(answer.body)
    } else {
      print("\(file): \(node["state"]?.string ?? ""): \(words(counts))")
      node["errors"]?.forEachElement {
        print(
          "  line \($0["line"]?.integer ?? 0)  \($0["column"]?.string ?? "")  \($0["code"]?.string ?? ""): \($0["detail"]?.string ?? "")")
      }
    }
    if let id = node["id"], id.kind == .string, counts["rejected"]?.integer ?? 0 > 0, !isJSON {
      print("  all errors: /v1/imports/\(id.string)/errors.csv; the refused rows: /v1/imports/\(id.string)/rejects")
    }
    if counts["rejected"]?.integer ?? 0 > 0 { return 3 }
    return node["state"]?.string == "done" || isDry ? 0 : 1
  }

  private func words(_ counts: JSONNode) -> String {
    var words: [String] = []
    counts.forEachMember { name, value in words.append("\(value.integer) \(name.string)") }
    return words.joined(separator: ", ")
  }

  // MARK: Names

  private static func form(of file: String) throws -> (type: String, isGzipped: Bool) {
    let isGzipped = file.hasSuffix(".gz")
    let name = (isGzipped ? String(file.dropLast(3)) : file).lowercased()
    let types = [
      (".ndjson", "application/x-ndjson"), (".jsonl", "application/x-ndjson"), (".json", "application/json"), (".csv", "text/csv"),
      (".tsv", "text/tab-separated-values"), (".zip", "application/zip"),
    ]
    guard let type = types.first(where: { name.hasSuffix($0.0) })?.1 else {
      throw UsageError("\(file): the name must end in \(types.map(\.0).joined(separator: ", ")), with or without .gz")
    }
    return (type, isGzipped)
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D || byte == 0x2E || byte == 0x5F
      guard !isPlain else { return String(UnicodeScalar(byte)) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
