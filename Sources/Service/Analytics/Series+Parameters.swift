internal import HTTP
internal import Intake
internal import Store

extension Series {
  /// The parameters of every time series.
  static let parameters: [Parameter] = [
    .word("fill", Fill.self, usual: .none, "`zero` adds the empty buckets."),
    .flag("cumulative", "Running totals up to each bucket."),
  ]

  fileprivate enum Fill: String, CaseIterable {
    case none, zero
  }
}

extension Series.Form {
  /// Reads the parameters of a time series.
  init(_ parameters: Parameters) {
    self.init(isFilled: parameters.word("fill", Series.Fill.none) == .zero, isCumulative: parameters.flag("cumulative"))
  }
}
