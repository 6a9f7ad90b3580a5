/// A check before a route's handler. Each `Operation` names its gates.
enum Gate: String, CaseIterable, Sendable {
  /// `Host` must be a name of this register (421): refuses a page that has rebound its name to 127.0.0.1.
  case host
  /// `Origin`, or where a browser omits it `Sec-Fetch-Site`, must name a page of this register (403).
  case origin

  /// The gates of an operation that names none, and of requests without a route.
  static let usual: [Gate] = [.host, .origin]
}
