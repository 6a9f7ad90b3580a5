internal import Formats
internal import HTTP

/// GET of the register's descriptions: its OpenAPI document, its pages, its problem codes.
struct DocumentHandler {
  let answering: Answering
  /// The viewer of the document; `nil` for a plain page.
  let viewer: DocsViewer?
  /// What is made of the routes: `/openapi.json`, and `/docs/plain`.
  let made: RouteDocuments

  func openAPI(_ call: Call) throws -> Plan {
    try answering.give(made.openAPI(), call)
  }

  /// `/docs/plain`, and `/docs` without a viewer.
  func plainDocs(_ call: Call) throws -> Plan {
    asPage(call.response)
    return try answering.give(made.plainDocs(), call)
  }

  /// `/problems`: every code, as JSON or as a page.
  func problemPages(_ call: Call) throws -> Plan {
    try call.checkParameters()
    guard !call.request.prefersHTML else {
      asPage(call.response)
      ProblemDocument.list(HTMLWriter(call.response.body))
      return .respond
    }
    JSONValueWriter(call.response.body).write(list: ProblemPage.all.map(ProblemDocument.json))
    return .respond
  }

  func problemPage(_ call: Call) throws -> Plan {
    try call.checkParameters()
    let code = call.request.captured("code")
    guard let page = ProblemPage.of(code) else {
      let hint = nearest(code, in: ProblemPage.all.map(\.code)).map { "did you mean \($0)?" } ?? "GET /problems lists them"
      throw Problem(
        status: 404, code: "not_found", title: "Not found", detail: "there is no code \"\(code.prefix(100))\"", hint: hint)
    }
    if call.request.prefersHTML {
      asPage(call.response)
      ProblemDocument.page(page, HTMLWriter(call.response.body))
    } else {
      JSONValueWriter(call.response.body).write(ProblemDocument.json(page))
    }
    return .respond
  }

  /// Only the page and its style sheet are ever loaded.
  private func asPage(_ response: Response) {
    response.contentType = "text/html; charset=utf-8"
    response.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
  }
}

extension Request {
  /// Browsers name text/html; programs do not.
  fileprivate var prefersHTML: Bool {
    guard let accept = header("accept") else { return false }
    return accept.string.lowercased().contains("text/html")
  }
}

/// A problem code as JSON and as a page.
private enum ProblemDocument {
  static func json(_ page: ProblemPage) -> JSONValue {
    [
      "code": .string(page.code), "type": .string("/problems/\(page.code)"),
      "status": page.status.map { .integer(Int64($0)) } ?? nil, "title": .string(page.title), "meaning": .string(page.meaning),
      "remedy": .string(page.remedy), "example": .string(page.example),
    ]
  }

  static func page(_ page: ProblemPage, _ html: HTMLWriter) {
    html.page(page.title) {
      html.element("p") {
        html.element("code", text: page.code)
        html.text(page.status.map { ", status \($0)" } ?? ", a fault in the list of errors")
      }
      html.element("h2", text: "What happened")
      html.element("p", text: page.meaning)
      html.element("h2", text: "How to fix it")
      html.element("p", text: page.remedy)
      html.element("h2", text: "For example")
      html.element("pre", text: page.example)
      html.element("p") { html.element("a", ["href": "/problems"], text: "All codes") }
    }
  }

  static func list(_ html: HTMLWriter) {
    html.page("Problems") {
      html.element("p", text: "The meaning of the codes in answers (RFC 9457). Each code has a page under /problems/.")
      html.element("ul") {
        for page in ProblemPage.all {
          html.element("li") {
            html.element("a", ["href": "/problems/\(page.code)"], text: page.code)
            html.text(" \(page.title)")
          }
        }
      }
    }
  }
}

extension DocumentHandler {
  /// `/docs`: the viewer where there is one.
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
        status: 404, code: "not_found", title: "Not found", detail: "there is no file \"\(name.prefix(100))\"",
        hint: "GET /docs is the page")
    }
  }

  private func give(_ file: FixedAnswer, as contentType: StaticString, _ call: Call) throws -> Plan {
    call.response.contentType = contentType
    return try answering.give(file, call)
  }
}
