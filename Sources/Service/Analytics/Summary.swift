internal import Formats
internal import Store

/// A dashboard's figures: `/v1/analytics/summary`.
enum Summary {
  static let analytic = Analytic(
    "analytics/summary", "Figures of the last days, with the change from the period before.",
    [
      .query("period", ["type": "string", "pattern": "^[1-9][0-9]{0,3}d$"], "Number of days; the default is 30d.", example: "30d")
    ], columns: SummaryFigures.columns, filters: nil
  ) { context, _, parameters in
    try context.answer(parameters) {
      let days = period(parameters)
      let today = CalendarDate(days: Int(Timestamp.now() / 86_400_000)) ?? .last
      return { SummaryFigures.rows(of: days, upTo: today, rollups: $0) }
    }
  }

  private static let maxDays = 36_525

  /// `30d` in days.
  private static func period(_ parameters: Parameters) -> Int {
    guard let text = parameters["period"], !text.isEmpty else { return 30 }
    if text.hasSuffix("d"), let days = Int(text.dropLast()), (1...maxDays).contains(days) { return days }
    parameters.fault("period", "malformed_value", "expected a number of days from 1d to \(maxDays)d, not \"\(text.prefix(40))\"")
    return 30
  }
}
