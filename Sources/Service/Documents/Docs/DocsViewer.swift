internal import Assets
package import Formats
internal import HTTP
internal import Records

/// An OpenAPI viewer (Swagger UI 5) for `/docs`, with its files. It is not part of the program: `script/bootstrap` installs it, and without
/// it `/docs` is a plain page.
package struct DocsViewer: Sendable {
  /// The script's name in the viewer's folder.
  package static let scriptName = "swagger-ui-bundle.js"
  /// The style sheet's name in the viewer's folder.
  package static let styleName = "swagger-ui.css"

  fileprivate let script, style: FixedAnswer
  fileprivate let page = asset("web/viewer.html")
  fileprivate let start = asset("web/viewer-start.js")

  /// A viewer made of the contents of these two files, which are copied.
  package init(script: ByteBuffer, style: ByteBuffer) {
    self.script = FixedAnswer(script)
    self.style = FixedAnswer(style)
  }

  private static func asset(_ name: String) -> FixedAnswer {
    FixedAnswer { buffer in unsafe buffer.append(Assets.required(name)) }
  }

  fileprivate static let scriptType: StaticString = "text/javascript; charset=utf-8"

  /// Loads from this server only, and offers nothing that a foreign page could use.
  fileprivate static let policy: StaticString =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
}

/// The files under `/docs/`.
enum DocsFile: String, CaseIterable {
  case plain
  case style = "viewer.css"
  case script = "viewer.js"
  case start = "start.js"
}

extension DocumentHandler {
  /// `/docs`: the viewer if there is one.
  func docs(_ call: Call) throws -> Plan {
    guard let viewer else { return try plainDocs(call) }
    call.response.contentType = "text/html; charset=utf-8"
    call.response.header("Content-Security-Policy", DocsViewer.policy)
    return try answering.give(viewer.page, call)
  }

  func docsFile(_ call: Call) throws -> Plan {
    let name = call.request.captured("file")
    switch (DocsFile(rawValue: name), viewer) {
    case (.plain, _): return try plainDocs(call)
    case (.style, let viewer?): return try give(viewer.style, as: "text/css; charset=utf-8", call)
    case (.script, let viewer?): return try give(viewer.script, as: DocsViewer.scriptType, call)
    case (.start, let viewer?): return try give(viewer.start, as: DocsViewer.scriptType, call)
    case (_, nil), (nil, _):
      throw Problem(
        status: 404, code: "not_found", title: "There is nothing there", detail: "no file is called \"\(name.prefix(100))\"",
        hint: "GET /docs is the page")
    }
  }

  private func give(_ file: FixedAnswer, as contentType: StaticString, _ call: Call) throws -> Plan {
    call.response.contentType = contentType
    return try answering.give(file, call)
  }
}
