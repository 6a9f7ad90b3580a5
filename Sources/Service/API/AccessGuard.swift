internal import Formats
package import HTTP

/// Guards a register without keys: only this machine may use it, and no web page may reach it through a browser.
///
/// `Host` reveals a page that has rebound its name to 127.0.0.1, `Origin` (RFC 6454 §7) a request from another site, and where a browser
/// omits that, `Sec-Fetch-Site` (W3C Fetch Metadata). Programs other than browsers send neither.
package struct AccessGuard {
  /// The host names of a proxy in front, in lower case.
  private let named: Set<String>

  /// - Parameter hosts: names allowed besides the loopback ones, without a port.
  package init(hosts: [String]) { named = Set(hosts.map { $0.lowercased() }) }

  /// Checks the request against the usual gates.
  ///
  /// - Throws: 421 `unknown_host`; 403 `foreign_origin`; 415 for a body from another site that is not declared as JSON.
  package func check(_ request: Request) throws { try pass(Gate.usual, request) }

  /// Checks the request against a route's gates, in order; throws as `check` does.
  func pass(_ gates: [Gate], _ request: Request) throws {
    for gate in gates {
      switch gate {
      case .host: try checkHost(request)
      case .origin: try checkOrigin(request)
      }
    }
  }

  // MARK: Host

  private func checkHost(_ request: Request) throws {
    // HTTP/1.0 may omit Host; browsers always send it.
    if let host = request.host, !isKnown(host) { throw Problem.unknownHost }
  }

  private func isKnown(_ host: ByteView) -> Bool {
    // Compare the usual names without making a String.
    if isNamed(host, "127.0.0.1") || isNamed(host, "localhost") || isNamed(host, "[::1]") { return true }
    guard let authority = Authority(host.string, defaultPort: 80) else { return false }
    return Self.loopback.contains(authority.name) || named.contains(authority.name)
  }

  private func isNamed(_ host: ByteView, _ name: StaticString) -> Bool {
    host.starts(with: name) && (host.count == name.utf8CodeUnitCount || host[name.utf8CodeUnitCount] == UInt8(ascii: ":"))
  }

  private static let loopback = ["localhost", "127.0.0.1", "[::1]"]

  // MARK: Origin

  private func checkOrigin(_ request: Request) throws {
    var origins: [String] = []
    request.headers(named: "Origin") { origins.append($0.string) }
    guard !origins.isEmpty else { return try checkSite(request) }
    guard origins.allSatisfy({ isOurs($0, request) }) else {
      throw Problem.foreignOrigin("the request's Origin is not this host and port")
    }
  }

  /// Whether the origin is the register's own: the request returns to where its page came from. Another port of this machine is another
  /// program, whose pages anybody may have written.
  ///
  /// A page behind a proxy may name `https`, which the register does not speak, and its proxy may send another `Host`.
  private func isOurs(_ origin: String, _ request: Request) -> Bool {
    let origin = origin.lowercased()
    let scheme: (prefix: String, port: Int) = origin.hasPrefix("https://") ? ("https://", 443) : ("http://", 80)
    guard origin.hasPrefix(scheme.prefix), let page = Authority(String(origin.dropFirst(scheme.prefix.count)), defaultPort: scheme.port)
    else {
      return false
    }
    let isNamed = named.contains(page.name)
    guard isNamed || scheme.port == 80, let authority = request.host else { return false }
    let asked = Authority(authority.string, defaultPort: scheme.port)
    return page == asked || (isNamed && page.port == scheme.port)
  }

  // MARK: Sec-Fetch-Site

  /// Browsers that omit `Origin` say here whether another site's page sent a modifying request. A link from elsewhere is harmless.
  ///
  /// A page can make a visitor's browser send a form or plain text without asking; for JSON the browser asks first, and is refused.
  private func checkSite(_ request: Request) throws {
    guard request.method != .get, request.method != .head, request.method != .options else { return }
    guard let site = request.header("Sec-Fetch-Site") else { return }
    guard !site.equalsIgnoringCase("same-origin"), !site.equalsIgnoringCase("none") else { return }
    guard request.hasBody else { throw Problem.foreignOrigin("the request's Sec-Fetch-Site shows that another site's page sent it") }
    guard request.mediaType != "application/json" else { return }
    throw Problem(
      status: 415, code: "unsupported_media_type", title: "The body's media type is not supported",
      detail: "Sec-Fetch-Site shows that the request is not from this host, there is no Origin, and the body is not application/json",
      hint: "send Content-Type: application/json, or use a program other than a browser")
  }
}

/// A host and port as `Host` and `Origin` write them (RFC 3986 §3.2).
private struct Authority: Equatable {
  /// In lower case; an IPv6 address in brackets.
  let name: String
  let port: Int

  /// - Parameters:
  ///   - text: `name`, `name:port`, `[address]` or `[address]:port`; anything else gives `nil`.
  ///   - defaultPort: the scheme's default, used where the text has none.
  init?(_ text: String, defaultPort: Int) {
    let text = text.lowercased()
    let end = text.hasPrefix("[") ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
    name = String(text[..<(end ?? text.endIndex)])
    let rest = text[(end ?? text.endIndex)...]
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isName), rest.isEmpty || rest.first == ":" else { return nil }
    let digits = rest.dropFirst()
    guard !digits.isEmpty else {
      port = defaultPort
      return
    }
    guard digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(digits), (1...65_535).contains(number) else { return nil }
    port = number
  }

  /// The bytes of a name or address; no `@`, `/` or `?`, behind which another host could hide.
  private static func isName(_ byte: UInt8) -> Bool {
    byte &- 0x61 < 26 || byte &- 0x30 < 10
      || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains(byte)
  }
}

extension Problem {
  fileprivate static var unknownHost: Problem {
    Problem(
      status: 421, code: "unknown_host", title: "The register does not answer to this host name",
      detail: "it answers to localhost, 127.0.0.1 and [::1]", hint: "add other names to http.hosts in the configuration")
  }

  fileprivate static func foreignOrigin(_ detail: String) -> Problem {
    Problem(status: 403, code: "foreign_origin", title: "Another site's page may not use the register", detail: detail)
  }
}
