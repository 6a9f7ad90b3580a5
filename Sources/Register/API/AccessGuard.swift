internal import HTTP

/// Without keys the register is for the person at the machine: no web page may reach it through their browser.
///
/// A page that has rebound its name to 127.0.0.1 is told by `Host`, one that sends from elsewhere by `Origin`.
struct AccessGuard {
  private let hosts: Set<String>

  init(_ configuration: RegisterConfiguration) {
    hosts = Set(["localhost", "127.0.0.1", "[::1]"] + configuration.hosts.map { $0.lowercased() })
  }

  func check(_ request: Request) throws {
    // HTTP/1.0 may come without a Host; a browser always sends one.
    if let host = unsafe request.authority, unsafe !isKnown(host) {
      throw Problem(
        status: 421, code: "unknown_host", title: "The register is not asked under this name",
        detail: "it answers to localhost, 127.0.0.1 and [::1]", hint: "list other names under http.hosts in the configuration")
    }
    guard let origin = unsafe request.header("origin") else { return }
    let text = unsafe String(decoding: origin, as: UTF8.self).lowercased()
    let authority = text.range(of: "://").map { String(text[$0.upperBound...]) } ?? text
    guard hosts.contains(Self.name(of: authority)) else {
      throw Problem(
        status: 403, code: "foreign_origin", title: "Another site's page may not use the register",
        detail: "the request's Origin is not this host")
    }
  }

  private func isKnown(_ host: UnsafeRawBufferPointer) -> Bool {
    // The usual ones without a String.
    if unsafe starts(host, "127.0.0.1") || starts(host, "localhost") || starts(host, "[::1]") { return true }
    return unsafe hosts.contains(Self.name(of: String(decoding: host, as: UTF8.self).lowercased()))
  }

  private func starts(_ host: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    guard host.count >= count, unsafe host.count == count || host[count] == 0x3A else { return false }
    for index in 0..<count where unsafe host[index] != name.utf8Start[index] { return false }
    return true
  }

  /// Without the port.
  private static func name(of authority: String) -> String {
    guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return authority }
    return String(authority[..<colon])
  }
}
