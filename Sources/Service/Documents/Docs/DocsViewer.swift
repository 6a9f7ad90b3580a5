internal import Assets
package import Formats
internal import Records

/// An OpenAPI viewer (Swagger UI 5) for `/docs`, with its files. It is not part of the program: `script/bootstrap` installs it, and without
/// it `/docs` is a plain page.
package struct DocsViewer: Sendable {
  /// The script's name in the viewer's folder.
  package static let scriptName = "swagger-ui-bundle.js"
  /// The style sheet's name in the viewer's folder.
  package static let styleName = "swagger-ui.css"

  let script, style: FixedAnswer
  let page = asset("web/viewer.html")
  let start = asset("web/viewer-start.js")

  /// A viewer made of the contents of these two files, which are copied.
  package init(script: ByteBuffer, style: ByteBuffer) {
    self.script = FixedAnswer(script)
    self.style = FixedAnswer(style)
  }

  private static func asset(_ name: String) -> FixedAnswer {
    FixedAnswer { buffer in buffer.append(Assets.required(name)) }
  }

  static let scriptType: StaticString = "text/javascript; charset=utf-8"

  /// Loads from this server only, and offers nothing that a foreign page could use.
  static let policy: StaticString =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
}

/// The files under `/docs/`.
enum DocsFile: String, CaseIterable {
  case plain
  case style = "viewer.css"
  case script = "viewer.js"
  case start = "start.js"
}
