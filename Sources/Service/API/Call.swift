internal import HTTP

/// One call of a handler: the request, its answer in the making, and the parameters that the operation declares.
///
/// It belongs to one exchange, as the request does: nothing of it may be kept behind the answer.
struct Call {
  let request: Request
  let response: Response
  let declared: DeclaredParameters

  /// The query parameters; none of them has been refused yet.
  func parameters() throws -> Parameters { try Parameters(request, declared) }

  /// - Throws: 400 for parameters that the operation does not declare, or whose values are none.
  func checkParameters() throws {
    if unsafe !request.query.isEmpty { try parameters().check() }
  }
}
