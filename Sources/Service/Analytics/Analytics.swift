internal import Records

extension Analytic {
  /// All of them, in the order of the documents.
  static let all: [Analytic] =
    [
      Timeline.analytic, Breakdown.analytic, Dyads.strongest, Dyads.pair, Network.analytic, EventMap.byCountry, EventMap.points,
      OutcomeMatrix.analytic, RecommendationProgress.analytic, Summary.analytic,
    ] + Catalogue.shared.all.map(Aggregate.analytic)
}
