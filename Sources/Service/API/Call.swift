internal import Formats
internal import HTTP

/// One call of a handler: the request, its response, and the parameters that the operation declares.
///
/// It belongs to one exchange, like the request: no part of it may outlive the answer.
struct Call {
  let request: Request
  let response: Response
  let declared: DeclaredParameters

  /// The query parameters, not yet checked.
  func parameters() throws -> Parameters { try Parameters(request, declared) }

  /// - Throws: 400 for undeclared parameters and for invalid values.
  func checkParameters() throws {
    if !request.query.isEmpty { try parameters().check() }
  }
}
