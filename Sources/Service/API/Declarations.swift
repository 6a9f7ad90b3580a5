internal import Intake
internal import Records
internal import Store

/// Everything that the program declares once and looks up by name.
package enum Declarations {
  /// Makes all of it, so that a name that nothing answers to stops the start and no request is the first to find it.
  package static func makeAll() {
    _ = (ReferenceTables.shared, Vocabularies.shared, LikelihoodBand.all)
    for resource in Catalogue.shared.all { _ = Relation.all(of: resource) }
    for profile in Profiles.all { profile.checkFields() }
    _ = (SearchLayout.shared, Analytic.all)
    _ = Routes.shared
  }
}
