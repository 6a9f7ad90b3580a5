/// Regular expressions of accepted values (ECMA-262, as JSON Schema requires).
enum Patterns {
  static let handle = "^[A-Za-z0-9._-]{1,64}$"
  /// At least one visible character, and no control characters but tab and line ends.
  static let text = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F]*[^\\u0000-\\u0020][^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F]*$"
  private static let year = "(?!0000)[0-9]{4}"
  /// A day of any month; whether the month has it is checked when the value is read.
  static let date =
    "\(year)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-9]))"
  /// The EDTF forms that name whole days.
  static let span = "(?:\(date)~?(?:/\(date)~?)?|\(year)(?:-(?:0[1-9]|1[0-2]|3[3-6]))?~?)"
  /// A moment relative to now.
  private static let relative = "now(?:[+-][0-9]{1,6}[hdwmy])?"
  /// A parameter's day or moment.
  static let period = "(?:\(span)|\(relative))"
  static let day = "(?:\(date)|\(relative))"
  static let timestamp = "(?:\(moment)|\(relative))"
  /// RFC 3339 to the millisecond.
  static let moment =
    "\(date)[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,3})?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
  /// Text between commas: plain or quoted.
  static let word =
    "(?:[^\\u0000-\\u0020,\"][^\\u0000-\\u001F,\"]*|\"[^\\u0000-\\u001F\"]*[^\\u0000-\\u0020\"][^\\u0000-\\u001F\"]*\")"
  /// A pattern of `like`: a backslash escapes `%`, `_` and itself.
  static let like = "^(?:[^\\u0000\\\\]|\\\\[%_\\\\])+$"
  /// A record by one of its names, between commas.
  static let mention = "[^\\u0000-\\u0020,]{1,300}"
}
