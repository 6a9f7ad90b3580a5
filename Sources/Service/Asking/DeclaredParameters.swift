internal import Records

/// The query parameters that an operation declares, by name: what `/openapi.json` shows is what is read.
final class DeclaredParameters: Sendable {
  /// What can be offered where a name is unknown: all but conditions, which are open-ended.
  let names: [String]
  /// Those that must be given.
  let required: [Parameter]
  private let own: [String: Parameter]
  private let ofList: Set<String>
  /// Whether names that are not declared may be conditions on fields.
  private let takesConditions: Bool

  init(_ parameters: [Parameter]) {
    let query = parameters.filter { $0.place == .query }
    let (own, ofList) = (query.filter { !$0.isOfList }, query.filter(\.isOfList))
    takesConditions = ofList.contains(where: \.isSpread)
    self.own = Dictionary(own.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.ofList = Set(ofList.map(\.name))
    names = own.map(\.name) + (takesConditions ? [] : ofList.map(\.name))
    required = own.filter(\.isRequired)
  }

  /// The operation's own parameter of that name.
  subscript(_ name: String) -> Parameter? { own[name] }

  /// Whether a name that is not the operation's own is for the list's parser.
  func isOfList(_ name: String) -> Bool {
    ofList.contains(name) || takesConditions && !ListParser.ofRecords.contains(name)
  }
}
