import Assets
import Foundation
import HTTP
import Intake
import Records
import SQL
import SQLite
import Service
import TestSupport
import Testing

/// What must be there and is not stops the program, with its name.
@Suite struct BrokenPromiseTests {
  private func expectStop(_ end: ExitTest.Result?, naming name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let said = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("broken promise: \(name) is missing"), "\(said)", sourceLocation: sourceLocation)
  }

  @Test func `a field, a vocabulary, a resource and a file that a declaration names are there`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Catalogue.shared.required("events").required("mod")
      },
      naming: "events.mod")
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Vocabularies.shared.required("event_mod") },
      naming: "vocabulary event_mod")
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Catalogue.shared.required("event") },
      naming: "resource event")
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = CodeTable("data/country.csv") },
      naming: "data/country.csv")
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = CodeTable("data/countries.csv").rows.map { $0["alpha3"] }
      }, naming: "data/countries.csv:2.alpha3")
  }

  @Test func `an empty cell that may be empty is nil, and one that may not stops the program`() async throws {
    let root = try #require(CodeTable("data/regions.csv").rows.first)
    #expect(root["parent"] == nil)
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = CodeTable("data/regions.csv").rows.map { $0.required("parent") }
      }, naming: "data/regions.csv:2.parent")
  }

  @Test func `a field is in the place that its declaration gives it, for each resource`() {
    for resource in Catalogue.shared.all {
      // Fields that a resource lists know their numbers; those of every resource are known by name.
      for column in resource.columns { #expect(resource.required(column.name) === column && column.number == resource.number(column.name)) }
    }
  }

  @Test func `every declaration can be made`() { Declarations.makeAll() }

  @Test func `a column that a profile reads and its table lacks stops the program`() async {
    expectStop(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Profiles.all.first { $0.name == "ucdp-ged" }?.table?.number("dyad")
      }, naming: "a profile's column dyad")
  }

  @Test func `a profile looks its columns up when it is made`() throws {
    let folder = repositoryRoot() + "/Sources/Intake/Profiles"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let texts = files.compactMap { contents(of: "\(folder)/\($0)") }.map { String(decoding: $0, as: UTF8.self) }
    #expect(texts.contains { $0.contains(" let id = GDELT.table.number(") }, "the test has lost sight of the sources")
    // A static is found at its first use, which is a row of somebody's file.
    for text in texts { #expect(!text.contains(/static let [^\n]*(?:table\.number|Columns)\(/)) }
  }

  @Test(arguments: ["cursor_key", "seq", "last_id"])
  func `a database without a row of the register's own is not opened`(name: String) throws {
    let database = try MigratedDatabase()
    #expect(throws: Never.self) { try database.register() }
    for damage in ["UPDATE register_state SET value = '' WHERE name = '\(name)'", "DELETE FROM register_state WHERE name = '\(name)'"] {
      try database.change(damage)
      let broken = #expect(throws: BrokenPromise.self) { try database.register() }
      #expect(broken?.name == "register_state.\(name)")
    }
  }
}
