internal import Formats
internal import HTTP

/// GET of the register's descriptions: its OpenAPI document, its pages, its problem codes.
struct DocumentHandler {
  let answering: Answering
  /// The viewer of the document; `nil` for a plain page.
  let viewer: DocsViewer?

  func openAPI(_ call: Call) throws -> Plan {
    try answering.give(OpenAPIDocument.shared, call)
  }

  /// `/docs/plain`, and `/docs` without a viewer.
  func plainDocs(_ call: Call) throws -> Plan {
    asPage(call.response)
    return try answering.give(DocsPage.shared, call)
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
        status: 404, code: "not_found", title: "There is nothing there", detail: "no code is called \"\(code.prefix(100))\"", hint: hint)
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
    guard let accept = unsafe header("accept") else { return false }
    return unsafe String(decoding: accept, as: UTF8.self).lowercased().contains("text/html")
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
        html.text(page.status.map { ", answered with \($0)" } ?? ", a fault in the list of errors")
      }
      html.element("h2", text: "What happened")
      html.element("p", text: page.meaning)
      html.element("h2", text: "How to mend it")
      html.element("p", text: page.remedy)
      html.element("h2", text: "For example")
      html.element("pre", text: page.example)
      html.element("p") { html.element("a", ["href": "/problems"], text: "All codes") }
    }
  }

  static func list(_ html: HTMLWriter) {
    html.page("Problems") {
      html.element("p", text: "What the codes of answers mean (RFC 9457); each has a page under /problems/.")
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
