/// The documents made of the routes, each on first request. They change with the program only.
struct RouteDocuments: Sendable {
  let openAPI: @Sendable () -> FixedAnswer
  let plainDocs: @Sendable () -> FixedAnswer
}
