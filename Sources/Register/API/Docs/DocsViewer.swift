internal import Assets
package import Formats
internal import HTTP

/// A viewer of OpenAPI documents (Swagger UI 5) as `/docs`, with the files that belong to it. It is not part of the program: `script/bootstrap`
/// installs it, and without it `/docs` is a plain page.
package struct DocsViewer: Sendable {
  /// What the viewer's own folder holds.
  package static let scriptName = "swagger-ui-bundle.js"
  package static let styleName = "swagger-ui.css"

  fileprivate let script: StoredBody
  fileprivate let style: StoredBody

  package init(script: ByteBuffer, style: ByteBuffer) {
    self.script = StoredBody(script)
    self.style = StoredBody(style)
  }

  /// Only from here, and nothing that a page of someone else's could use.
  fileprivate static let policy: StaticString =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
}

/// What stands behind `/docs/`.
enum DocsFile: String, CaseIterable {
  case plain
  case style = "viewer.css"
  case script = "viewer.js"
  case start = "start.js"
}

extension RegisterResponder {
  /// `/docs`: the viewer where there is one.
  func docs(_ request: Request, _ response: Response) throws -> Plan {
    guard register.configuration.docsViewer != nil else { return try plainDocs(request, response) }
    try refuseParameters(request)
    response.contentType = "text/html; charset=utf-8"
    response.header("Content-Security-Policy", DocsViewer.policy)
    append(asset: "web/viewer.html", to: response)
    return tagByContent(request, response)
  }

  func docsFile(_ request: Request, _ response: Response) throws -> Plan {
    let name = unsafe text(request.capture(0))
    guard let file = DocsFile(rawValue: name), file == .plain || register.configuration.docsViewer != nil else {
      throw Problem(
        status: 404, code: "not_found", title: "There is no such file", detail: String(name.prefix(100)), hint: "GET /docs is the page")
    }
    guard file != .plain else { return try plainDocs(request, response) }
    try refuseParameters(request)
    response.contentType = file == .style ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
    switch file {
    case .style: response.stored = register.configuration.docsViewer?.style
    case .script: response.stored = register.configuration.docsViewer?.script
    case .start, .plain: append(asset: "web/viewer-start.js", to: response)
    }
    return tagByContent(request, response)
  }

  private func append(asset name: String, to response: Response) {
    if let bytes = unsafe Assets.bytes(name) { unsafe response.body.append(bytes) }
  }
}
