internal import Records

/// An operation's declared query parameters, by name: `/openapi.json` shows what is read.
final class DeclaredParameters: Sendable {
  /// Suggestions for an unknown name: all names but conditions, which are open-ended.
  let names: [String]
  /// Required parameters.
  let required: [Parameter]
  private let own: [String: Parameter]
  private let ofList: Set<String>
  /// Whether undeclared names may be conditions on fields.
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

  /// The operation's own parameter with this name.
  subscript(_ name: String) -> Parameter? { own[name] }

  /// Whether a name belongs to the list's parser.
  func isOfList(_ name: String) -> Bool {
    ofList.contains(name) || takesConditions && !ListParser.ofRecords.contains(name)
  }
}
