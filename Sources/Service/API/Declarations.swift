internal import Intake
internal import Records
internal import Store

/// Everything that is declared once and looked up by name.
package enum Declarations {
  /// Builds all declarations: an unresolved name stops the program at its start instead of a request later.
  package static func makeAll() {
    _ = (ReferenceTables.shared, Vocabularies.shared, LikelihoodBand.all)
    for resource in Catalogue.shared.all { _ = Relation.all(of: resource) }
    for profile in Profiles.all { profile.checkFields() }
    _ = (SearchLayout.shared, Analytic.all)
    _ = Routes.shared
  }
}
