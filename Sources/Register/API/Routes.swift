internal import Formats
internal import HTTP

/// Every path of the register. Those of resources come from the catalogue.
enum Routes {
  typealias Table = RouteTable

  static func all() -> Table {
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
    routes.add(.get, collection, .list(resource, nil)) { try $0.list(resource, relations: relations, nil, $1, $2) }
    for format in ListFormat.forms(of: resource) {
      routes.add(.get, "\(collection).\(format.rawValue)", .list(resource, format)) {
        try $0.list(resource, relations: relations, format, $1, $2)
      }
    }
    routes.add(.get, "\(collection)/{id}", .item(resource)) {
      guard resource.isSystem else { return try $0.item(resource, relations: relations, $1, $2) }
      return try $0.importItem(relations: relations, $1, $2)
    }
    routes.add(.get, "\(collection)/{id}/history", .history(resource)) { try $0.history(resource, $1, $2) }
    routes.add(.get, "\(collection)/by-external/{source}/{external_id}", .externalItem(resource)) { try $0.externalItem(resource, $1, $2) }
    for relation in relations { add(relation, of: resource, collection, &routes) }
    guard !resource.isSystem else { return }
    routes.add(.post, collection, .create(resource)) { responder, request, _ in try responder.create(resource, request) }
    routes.add(.delete, "\(collection)/{id}", .delete(resource)) { responder, request, _ in try responder.delete(resource, request) }
    guard !resource.isAppendOnly else { return }
    routes.add(.put, "\(collection)/{id}", .replace(resource)) { responder, request, _ in
      try responder.update(resource, .replace, request)
    }
    routes.add(.patch, "\(collection)/{id}", .update(resource)) { responder, request, _ in
      try responder.update(resource, .merge, request)
    }
    routes.add(.put, "\(collection)/by-external/{source}/{external_id}", .upsert(resource)) { responder, request, _ in
      try responder.upsert(resource, request)
    }
  }

  /// `/v1/outcomes/{id}/assessments`, read and, where the other record is a part of this one, written.
  private static func add(_ relation: Relation, of owner: Resource, _ collection: String, _ routes: inout Table) {
    let resource = Catalogue.shared.required(relation.resource)
    let nested = Relation.all(of: resource)
    let path = "\(collection)/{id}/\(resource.path)"
    routes.add(.get, path, .list(resource, nil, of: owner)) {
      try $0.nestedList(relation, of: owner, resource, relations: nested, nil, $1, $2)
    }
    for format in ListFormat.forms(of: resource) {
      routes.add(.get, "\(path).\(format.rawValue)", .list(resource, format, of: owner)) {
        try $0.nestedList(relation, of: owner, resource, relations: nested, format, $1, $2)
      }
    }
    guard let parent = resource.parent, parent.resource == owner.name else { return }
    routes.add(.post, path, .create(resource, partOf: owner)) { responder, request, _ in
      try responder.createPart(resource, of: owner, field: parent.field, request)
    }
  }

  private static func add(_ analytic: Analytic, _ routes: inout Table) {
    let path = "/v1/\(analytic.path)"
    routes.add(.get, path, .analytic(analytic, nil)) { try $0.analytic(analytic, nil, $1, $2) }
    // A path that ends with a name: there the suffix is found in the name.
    guard !path.hasSuffix("}"), analytic.contentType == nil else { return }
    for format in ListFormat.ofFigures {
      routes.add(.get, "\(path).\(format.rawValue)", .analytic(analytic, format)) { try $0.analytic(analytic, format, $1, $2) }
    }
  }

  private static func addServing(_ routes: inout Table) {
    // `/health` is what many load balancers ask when nobody tells them otherwise.
    for (path, operation) in [("/livez", Operation.alive("getLiveness")), ("/health", .alive("getHealth"))] {
      routes.add(.get, path, operation) { _, _, response in
        response.body.append("{\"status\":\"ok\"}" as StaticString)
        return .respond
      }
    }
    routes.add(.get, "/readyz", .ready) { try $0.ready($1, $2) }
    routes.add(.get, "/v1/vocabularies", .vocabularies) { try $0.vocabularies($1, $2) }
    routes.add(.get, "/v1/vocabularies/{name}", .vocabulary) { try $0.vocabulary($1, $2) }
    routes.add(.get, "/v1/events/{id}/participants", .participants) { try $0.participants($1, $2) }
    routes.add(.get, "/v1/search", .search) { try $0.search($1, $2) }
    for (path, id) in [("/v1", "getIndex"), ("/", "getRoot")] { routes.add(.get, path, .index(id)) { try $0.index($1, $2) } }
  }

  private static func addDocuments(_ routes: inout Table) {
    routes.add(.get, "/openapi.json", .openAPI) { try $0.openAPI($1, $2) }
    routes.add(.get, "/docs", .docs) { try $0.docs($1, $2) }
    routes.add(.get, "/docs/{file}", .docsFile) { try $0.docsFile($1, $2) }
    routes.add(.get, "/problems", .problemPages) { try $0.problemPages($1, $2) }
    routes.add(.get, "/problems/{code}", .problemPage) { try $0.problemPage($1, $2) }
  }

  private static func addImports(_ routes: inout Table) {
    routes.add(.post, "/v1/imports", .importFile(nil)) { responder, request, _ in try responder.importFile(nil, request) }
    routes.add(.get, "/v1/imports/profiles", .importProfiles) { try $0.profiles($1, $2) }
    routes.add(.delete, "/v1/imports/{id}", .undoImport) { responder, request, _ in try responder.undoImport(request) }
    routes.add(.post, "/v1/imports/{id}/cancel", .cancelImport) { try $0.cancelImport($1, $2) }
    routes.add(.get, "/v1/imports/{id}/rejects", .importRejects) { try $0.importRejects($1, $2) }
    routes.add(.get, "/v1/imports/{id}/errors", .importErrors(nil)) { try $0.importErrors(nil, $1, $2) }
    for format in ListFormat.ofFigures {
      routes.add(.get, "/v1/imports/{id}/errors.\(format.rawValue)", .importErrors(format)) { try $0.importErrors(format, $1, $2) }
    }
    for resource in Catalogue.shared.all where !resource.isSystem {
      routes.add(.post, "/v1/imports/\(resource.path)", .importFile(resource)) { responder, request, _ in
        try responder.importFile(resource, request)
      }
    }
  }
}
