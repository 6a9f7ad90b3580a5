import Formats
import Records
import SQL
import Service
import Store
import Testing

/// What the migrations say that an index is for (the comment behind it), asked of SQLite's planner.
///
/// Lists go through the parser, so the statement is the one that runs. What SQLite looks up by itself when a row goes that others may refer
/// to is asked as it asks.
@Suite struct IndexPlanTests {
  private let scratch: MigratedDatabase
  init() throws { scratch = try MigratedDatabase() }

  // MARK: Lists

  struct Question: CustomTestStringConvertible, Sendable {
    let index: String
    let resource: String
    let query: String

    init(_ index: String, _ resource: String, _ query: String) { (self.index, self.resource, self.query) = (index, resource, query) }

    var testDescription: String { "\(index): \(resource)?\(query)" }
  }

  @Test(arguments: [
    Question("events_date", "events", "sort=-start_date"),
    Question("events_date", "events", "from=2024-01-01&to=2024-12-31&sort=start_date"),
    Question("events_type", "events", "type=visit&sort=-start_date"),
    Question("events_country", "events", "country=USA&sort=-start_date"),
    Question("events_country_type", "events", "country=USA&type=visit&sort=-start_date"),
    Question("events_external", "events", "source=gdelt&external_id=1"),
    Question("events_import", "events", "import_id=imp_0000000000001"),
    Question("stakeholders_name", "stakeholders", "name=France"),
    Question("stakeholders_type", "stakeholders", "type=state"),
    Question("outcomes_status", "outcomes", "status=open&sort=horizon"),
    Question("recommendations_strategy", "recommendations", "strategy=transparency"),
    Question("recommendations_due", "recommendations", "sort=due_on"),
    Question("commitments_due", "commitments", "status=open&sort=due_on"),
    Question("commitments_owner", "commitments", "owner=KOR"),
    Question("perspectives_target", "perspectives", "target=evt_0000000000001"),
    Question("perspectives_stakeholder", "perspectives", "stakeholder=KOR"),
    Question("citations_record", "citations", "record=evt_0000000000001"),
  ])
  func `a list is found by its index`(question: Question) throws {
    let resource = try #require(Catalogue.shared[question.resource])
    try expect(question.index, in: try plan(ListSQL(try list(resource, question.query)).statement))
  }

  @Test func `the events of a stakeholder come in the order of its index`() throws {
    let events = try #require(Catalogue.shared["events"])
    for query in ["participant=FRA&sort=-start_date", "participant=FRA&from=2024-01-01&sort=start_date"] {
      let plan = try plan(ListSQL(try list(events, query)).statement)
      #expect(plan.contains { $0.hasPrefix("SEARCH p USING PRIMARY KEY (stakeholder=?") }, "\(plan)")
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }

  @Test(arguments: [
    Question("outcomes_event", "events", "outcomes"),
    Question("events_parent", "events", "events"),
    Question("assessments_outcome", "outcomes", "assessments"),
    Question("commitments_recommendation", "recommendations", "commitments"),
    Question("progress_reports_recommendation", "recommendations", "progress_reports"),
    Question("citations_source", "sources", "citations"),
  ])
  func `what belongs to a record is found by its index`(question: Question) throws {
    let owner = try #require(Catalogue.shared[question.resource])
    let relation = try #require(Relation.all(of: owner).first { $0.name == question.query })
    let key = Values([Int64(1)])
    let list = try list(try #require(Catalogue.shared[relation.resource]), "", .init(.related(relation), key: key, name: ""))
    try expect(question.index, in: try plan(ListSQL(list).statement))
  }

  private func list(_ resource: Resource, _ query: String, _ scope: ListQuery.Scope? = nil) throws -> ListQuery {
    try query.withByteView { bytes in
      try ListParser(names: AnyNames()).parse(
        bytes, resource, scope: scope, relations: [], cursors: CursorSeal(key: "k"))
    }
  }

  /// Every name is that of some record.
  private struct AnyNames: RecordNames {
    func record(_ mention: String, in resources: [String]) -> (resource: Resource, id: Int64)? {
      resources.first.flatMap { Catalogue.shared[$0] }.map { ($0, 1) }
    }
    func handle(_ mention: String, of column: Column) -> String? { mention }
    func handles(of resource: Resource, atMost limit: Int) -> [String] { [] }
    func handle(resembling mention: String, of resource: Resource) -> String? { nil }
  }

  // MARK: Records

  @Test(arguments: Catalogue.shared.all.map(\.name))
  func `a record is found by its names, and its history by its versions`(name: String) throws {
    let sql = try #require(Catalogue.shared[name]).sql
    try expect("\(name)_external", in: try plan(sql.byExternal))
    try expect("\(name)_external", in: try plan(sql.idByExternal))
    try expect("\(name)_versions", in: try plan(sql.history))
    try expect("\(name)_versions", in: try plan(sql.wasDeleted))
    for template in [sql.byHandle, sql.idByHandle].compactMap({ $0 }) {
      try expect("sqlite_autoindex_\(name)_1", in: try plan(template))
    }
  }

  @Test(arguments: SearchLayout.shared.parts.map(\.resource.name))
  func `what has changed in a searchable resource is found by an index`(name: String) throws {
    let part = try #require(SearchLayout.shared.parts.first { $0.resource.name == name })
    try expect("\(name)_seq", in: try plan(part.changed))
    try expect(name == "events" ? "events_ended" : "\(name)_deleted", in: try plan(part.deleted))
  }

  // MARK: What is asked beside the lists

  @Test(
    arguments: [
      // Deletes: whether another row refers to the one that goes.
      ("stakeholders_parent", "SELECT 1 FROM stakeholders WHERE parent_id = \(1)"),
      ("events_parent", "SELECT 1 FROM events WHERE parent_id = \(1)"),
      ("events_duplicate", "SELECT 1 FROM events WHERE duplicate_of = \(1)"),
      ("outcomes_event", "SELECT 1 FROM outcomes WHERE event = \(1)"),
      ("recommendations_strategy", "SELECT 1 FROM recommendations WHERE strategy = \("x")"),
      ("commitments_owner", "SELECT 1 FROM commitments WHERE owner = \("x")"),
      ("commitments_evidence", "SELECT 1 FROM commitments WHERE evidence = \(1)"),
      ("progress_reports_evidence", "SELECT 1 FROM progress_reports WHERE evidence = \(1)"),
      ("perspectives_stakeholder", "SELECT 1 FROM perspectives WHERE stakeholder = \("x")"),
      ("event_groups_event", "SELECT 1 FROM event_groups WHERE event_id = \(1)"),
      ("event_reports_event", "SELECT 1 FROM event_reports WHERE event_id = \(1)"),
      // Those past their day, as the summary counts them.
      ("commitments_due", "SELECT count(*) FROM commitments WHERE due_on < \("2024-01-01") AND status = 'open'"),
      // The oldest answers are forgotten.
      ("idempotency_keys_age", "DELETE FROM idempotency_keys WHERE created_at <= \(1)"),
      // What reaches into a period from before it.
      (
        "events_end",
        """
        SELECT count(*) FROM events r WHERE unlikely(r.end_date >= \("2024-01-01")) AND r.end_date > r.start_date \
        AND +r.start_date < \("2024-01-01")
        """
      ),
      // The strongest dyads, and those of one stakeholder from either side.
      ("event_dyads_strength", "SELECT a, b, count FROM event_dyads ORDER BY count DESC, a, b LIMIT \(50)"),
      ("event_dyads_other", "SELECT * FROM event_dyads WHERE a = \("x") UNION ALL SELECT * FROM event_dyads WHERE b = \("x")"),
    ] as [(String, SQLFragment)])
  func `what is asked beside the lists is found by an index`(index: String, statement: SQLFragment) throws {
    try expect(index, in: try plan(statement))
  }

  @Test(arguments: Catalogue.shared.all.filter { !$0.isSystem }.map(\.name))
  func `what an import wrote is found by an index`(name: String) throws {
    try expect(
      "\(name)_import", in: try plan("SELECT id FROM \(raw: name) WHERE import_id = \(1) AND id < \(2) ORDER BY id DESC LIMIT \(500)"))
    let changed: SQLFragment = """
      SELECT DISTINCT h.id FROM \(raw: name)_history h JOIN \(raw: name) r ON r.id = h.id \
      WHERE h.import_id = \(1) AND h.id < \(2) AND r.import_id IS NOT \(1) AND h.ended_by <> 'undo' ORDER BY h.id DESC
      """
    try expect("\(name)_history_import", in: try plan(changed))
  }

  // MARK: Plans

  private func expect(_ index: String, in plan: [String], _ location: SourceLocation = #_sourceLocation) throws {
    #expect(plan.contains { $0.contains("INDEX \(index) (") || $0.hasSuffix("INDEX \(index)") }, "\(plan)", sourceLocation: location)
  }

  /// How SQLite would go about it, a line each.
  private func plan(_ statement: SQLFragment) throws -> [String] {
    var plan: [String] = []
    try scratch.reader.query("EXPLAIN QUERY PLAN \(statement)") { row in
      plan.append(row[3].string)
      return true
    }
    return plan
  }

  /// The plan of a template, with any value for each parameter.
  private func plan(_ template: SQLTemplate) throws -> [String] {
    var statement = SQLFragment()
    for (position, piece) in template.text.split(separator: /\?\d+/, omittingEmptySubsequences: false).enumerated() {
      if position > 0 { statement.bind(1) }
      statement.append(raw: String(piece))
    }
    return try plan(statement)
  }
}
