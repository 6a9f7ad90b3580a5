internal import Formats
internal import Intake
internal import Records

/// The page `/problems/{code}`: a problem's own code, or that of a fault in `errors`.
package struct ProblemPage: Sendable {
  enum Kind: Sendable {
    /// The `code` of a problem, with its status.
    case problem(Int)
    /// A `code` in a problem's `errors`.
    case fault
  }

  /// The stable word that programs compare.
  package let code: String
  let kind: Kind
  /// One sentence, the same for every problem with this code.
  package let title: String
  /// What happened.
  package let meaning: String
  /// How to fix it.
  package let remedy: String
  /// A request or value that causes it.
  package let example: String

  private init(_ code: String, _ kind: Kind, _ title: String, _ meaning: String, _ remedy: String, _ example: String) {
    self.code = code
    self.kind = kind
    self.title = title
    self.meaning = meaning
    self.remedy = remedy
    self.example = example
  }

  static func problem(_ code: String, _ status: Int, _ title: String, _ meaning: String, mend remedy: String, _ example: String)
    -> ProblemPage
  { ProblemPage(code, .problem(status), title, meaning, remedy, example) }

  static func problem(_ kind: JSONError.Code, _ meaning: String, mend remedy: String, _ example: String) -> ProblemPage {
    .problem(kind.rawValue, kind.status, kind.title, meaning, mend: remedy, example)
  }

  static func fault(_ code: String, _ title: String, _ meaning: String, mend remedy: String, _ example: String) -> ProblemPage {
    ProblemPage(code, .fault, title, meaning, remedy, example)
  }

  /// Every code that an answer may contain, by name; a test compares them with the sources.
  package static let all = (ofHTTP + ofJSON + ofFiles + ofRecords + ofQuestions + ofValues).sorted { $0.code < $1.code }
  private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

  /// The page of a code; `nil` for an unknown one.
  package static func of(_ code: String) -> ProblemPage? { byCode[code] }

  var status: Int? { if case .problem(let status) = kind { status } else { nil } }
}
