/// What a request must pass before its handler is called. Each route's `Operation` names its gates.
enum Gate: String, CaseIterable, Sendable {
  /// `Host` is a name of this register (421 otherwise): a page that rebound its own name to 127.0.0.1 is refused.
  case host
  /// `Origin`, or where a browser leaves that out `Sec-Fetch-Site`, names a page of this register (403 otherwise).
  case origin

  /// What an operation passes unless it says otherwise, and what is passed where no route is found.
  static let usual: [Gate] = [.host, .origin]
}
