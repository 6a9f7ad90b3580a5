internal import HTTP
internal import Records
internal import SQL
internal import Store

/// One loop's handlers with their dependencies.
struct Handlers {
  let lists: ListHandler
  let items: ItemHandler
  let writes: WriteHandler
  let search: SearchHandler
  let analytics: AnalyticHandler
  let imports: ImportHandler
  let importReports: ImportReportHandler
  let vocabularies: VocabularyHandler
  let documents: DocumentHandler
  let service: ServiceHandler

  /// - Parameters:
  ///   - connection: the loop's own, for answers made on the loop.
  ///   - made: documents made of the routes.
  init(_ register: Register, _ connection: any Connection, _ made: RouteDocuments) {
    let configuration = register.configuration
    let records = RecordReader(connection)
    let answering = Answering(register: register, records: records)
    let parser = ListParser(
      names: StoredNames(connection), limits: configuration.query, search: register.search.map { _ in configuration.search.limits })
    lists = ListHandler(answering: answering, records: records, parser: parser, seal: register.seal)
    items = ItemHandler(answering: answering, records: records, parser: parser, seal: register.seal)
    writes = WriteHandler(register.database, records, configuration)
    search = SearchHandler(answering: answering, limits: register.search.map { _ in configuration.search.limits }, seal: register.seal)
    analytics = AnalyticHandler(
      answering: answering,
      context: AnalyticContext(records: records, lists: parser, seal: register.seal, rollups: register.rollups, configuration))
    imports = ImportHandler(
      desk: register.imports, database: register.database, records: records, items: items, configuration: configuration)
    importReports = ImportReportHandler(answering: answering, records: records, seal: register.seal)
    vocabularies = VocabularyHandler(answering: answering)
    documents = DocumentHandler(answering: answering, viewer: configuration.docsViewer, made: made)
    service = ServiceHandler(answering: answering, database: register.database, indexer: register.search?.indexer)
  }
}
