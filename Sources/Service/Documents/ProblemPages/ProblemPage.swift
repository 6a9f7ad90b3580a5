internal import Intake
internal import Records

/// What `/problems/{code}` says of one code: a problem's own, or that of one fault in `errors`.
package struct ProblemPage: Sendable {
  enum Kind: Sendable {
    /// The `code` of a problem, with its status.
    case problem(Int)
    /// A `code` in the list of a problem's `errors`.
    case fault
  }

  package let code: String
  let kind: Kind
  package let title: String
  /// What happened.
  package let meaning: String
  /// How to mend it.
  package let remedy: String
  /// What meets it: a request, or a value.
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

  static func fault(_ code: String, _ title: String, _ meaning: String, mend remedy: String, _ example: String) -> ProblemPage {
    ProblemPage(code, .fault, title, meaning, remedy, example)
  }

  /// Every code that an answer may hold, by name; a test compares it with those in the sources.
  package static let all = (ofHTTP + ofJSON + ofFiles + ofRecords + ofQuestions + ofValues).sorted { $0.code < $1.code }
  private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

  /// The one title of a code, which each problem of it has.
  static func title(of code: String) -> String { of(code).required("the page of \(code)").title }

  package static func of(_ code: String) -> ProblemPage? { byCode[code] }

  var status: Int? { if case .problem(let status) = kind { status } else { nil } }
}
