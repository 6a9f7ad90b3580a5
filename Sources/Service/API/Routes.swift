internal import Formats
internal import HTTP
internal import Records
internal import Store

/// Every path of the register. Those of resources are derived from the catalogue.
package enum Routes {
  typealias Table = RouteTable

  /// Built once for all loops.
  static let shared = all()

  /// `/openapi.json`.
  package static let openAPI = FixedAnswer(capacity: 1 << 20) { OpenAPIDocument.write(shared.entries, to: $0) }
  private static let plainDocs = FixedAnswer(capacity: 1 << 18) { DocsPage.write(shared.entries, HTMLWriter($0)) }
  static let documents = RouteDocuments(openAPI: { openAPI }, plainDocs: { plainDocs })

  private static func all() -> Table {
    var routes = Table()
    addServing(&routes)
    for resource in Catalogue.shared.all { add(resource, &routes) }
    addImports(&routes)
    for analytic in Analytic.all { add(analytic, &routes) }
    addDocuments(&routes)
    return routes
  }

  private static func add(_ resource: Resource, _ routes: inout Table) {
    let collection = "/v1/\(resource.path)"
    let relations = Relation.all(of: resource)
    routes.add(.get, collection, .list(resource, nil)) { try $0.lists.list(resource, relations: relations, nil, $1.request, $1.response) }
    for format in ListFormat.forms(of: resource) {
      routes.add(.get, "\(collection).\(format.rawValue)", .list(resource, format)) {
        try $0.lists.list(resource, relations: relations, format, $1.request, $1.response)
      }
    }
    routes.add(.get, "\(collection)/{id}", .item(resource)) {
      guard resource.isSystem else { return try $0.items.item(resource, relations: relations, $1) }
      return try $0.imports.item(relations: relations, $1)
    }
    routes.add(.get, "\(collection)/{id}/history", .history(resource)) { try $0.items.history(resource, $1) }
    routes.add(.get, "\(collection)/by-external/{source}/{external_id}", .externalItem(resource)) {
      try $0.items.externalItem(resource, $1)
    }
    for relation in relations { add(relation, of: resource, collection, &routes) }
    guard !resource.isSystem else { return }
    routes.add(.post, collection, .create(resource)) { handlers, call in try handlers.writes.create(resource, call) }
    routes.add(.delete, "\(collection)/{id}", .delete(resource)) { handlers, call in try handlers.writes.delete(resource, call) }
    guard !resource.isAppendOnly else { return }
    routes.add(.put, "\(collection)/{id}", .replace(resource)) { handlers, call in
      try handlers.writes.update(resource, .replace, call)
    }
    routes.add(.patch, "\(collection)/{id}", .update(resource)) { handlers, call in
      try handlers.writes.update(resource, .merge, call)
    }
    routes.add(.put, "\(collection)/by-external/{source}/{external_id}", .upsert(resource)) { handlers, call in
      try handlers.writes.upsert(resource, call)
    }
  }

  /// `/v1/outcomes/{id}/assessments`: reads, and where the other record is part of this one, writes.
  private static func add(_ relation: Relation, of owner: Resource, _ collection: String, _ routes: inout Table) {
    let resource = Catalogue.shared.required(relation.resource)
    let nested = Relation.all(of: resource)
    let path = "\(collection)/{id}/\(resource.path)"
    routes.add(.get, path, .list(resource, nil, of: owner)) {
      try $0.lists.nestedList(relation, of: owner, resource, relations: nested, nil, $1.request, $1.response)
    }
    for format in ListFormat.forms(of: resource) {
      routes.add(.get, "\(path).\(format.rawValue)", .list(resource, format, of: owner)) {
        try $0.lists.nestedList(relation, of: owner, resource, relations: nested, format, $1.request, $1.response)
      }
    }
    guard let parent = resource.parent, parent.resource == owner.name else { return }
    routes.add(.post, path, .create(resource, partOf: owner)) { handlers, call in
      try handlers.writes.createPart(resource, of: owner, field: parent.field, call)
    }
  }

  private static func add(_ analytic: Analytic, _ routes: inout Table) {
    let path = "/v1/\(analytic.path)"
    routes.add(.get, path, .analytic(analytic, nil)) { try $0.analytics.answer(analytic, nil, $1) }
    // A path that ends with a capture: the handler takes the suffix off the name.
    guard !path.hasSuffix("}"), analytic.contentType == nil else { return }
    for format in ListFormat.ofFigures {
      routes.add(.get, "\(path).\(format.rawValue)", .analytic(analytic, format)) { try $0.analytics.answer(analytic, format, $1) }
    }
  }

  private static func addServing(_ routes: inout Table) {
    // Many load balancers ask `/health` by default.
    for (path, operation) in [("/livez", Operation.alive("getLiveness")), ("/health", .alive("getHealth"))] {
      routes.add(.get, path, operation) { _, call in
        call.response.body.append("{\"status\":\"ok\"}" as StaticString)
        return .respond
      }
    }
    routes.add(.get, "/readyz", .ready) { try $0.service.ready($1.request, $1.response) }
    routes.add(.get, "/v1/writer/turns", .writerTurns) { try $0.service.turns($1) }
    routes.add(.get, "/v1/vocabularies", .vocabularies) { try $0.vocabularies.all($1) }
    routes.add(.get, "/v1/vocabularies/{name}", .vocabulary) { try $0.vocabularies.one($1) }
    routes.add(.get, "/v1/events/{id}/participants", .participants) { try $0.items.participants($1) }
    routes.add(.get, "/v1/search", .search) { try $0.search.search($1) }
    for (path, id) in [("/v1", "getIndex"), ("/", "getRoot")] { routes.add(.get, path, .index(id)) { try $0.service.index($1) } }
  }

  private static func addDocuments(_ routes: inout Table) {
    routes.add(.get, "/openapi.json", .openAPI) { try $0.documents.openAPI($1) }
    routes.add(.get, "/docs", .docs) { try $0.documents.docs($1) }
    routes.add(.get, "/docs/{file}", .docsFile) { try $0.documents.docsFile($1) }
    routes.add(.get, "/problems", .problemPages) { try $0.documents.problemPages($1) }
    routes.add(.get, "/problems/{code}", .problemPage) { try $0.documents.problemPage($1) }
  }

  private static func addImports(_ routes: inout Table) {
    routes.add(.post, "/v1/imports", .importFile(nil)) { handlers, call in try handlers.imports.importFile(nil, call) }
    routes.add(.get, "/v1/imports/profiles", .importProfiles) { try $0.imports.profiles($1) }
    routes.add(.delete, "/v1/imports/{id}", .undoImport) { handlers, call in try handlers.imports.undo(call) }
    routes.add(.post, "/v1/imports/{id}/cancel", .cancelImport) { try $0.imports.cancel($1) }
    routes.add(.get, "/v1/imports/{id}/rejects", .importRejects) { try $0.importReports.rejects($1) }
    routes.add(.get, "/v1/imports/{id}/errors", .importErrors(nil)) { try $0.importReports.errors(nil, $1) }
    for format in ListFormat.ofFigures {
      routes.add(.get, "/v1/imports/{id}/errors.\(format.rawValue)", .importErrors(format)) { try $0.importReports.errors(format, $1) }
    }
    for resource in Catalogue.shared.all where !resource.isSystem {
      routes.add(.post, "/v1/imports/\(resource.path)", .importFile(resource)) { handlers, call in
        try handlers.imports.importFile(resource, call)
      }
    }
  }
}
