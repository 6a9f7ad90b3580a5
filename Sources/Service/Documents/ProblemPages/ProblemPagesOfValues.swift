internal import Store

// Codes of single values, in bodies, files and parameters alike.

extension ProblemPage {
  static let ofValues: [ProblemPage] = [
    .fault(
      "wrong_type", "The value has the wrong type", "Values are not converted: text is not a number, and a number is not text.",
      mend: "Send the type given in the detail.", "{\"importance\":\"4\"}"),
    .fault(
      "malformed_value", "The value is malformed", "The value cannot be read as the field's type.", mend: "The detail gives the format.",
      "?importance=high"),
    .fault(
      "out_of_range", "The value is out of range", "The field has a minimum and a maximum.", mend: "The detail gives the range.",
      "{\"latitude\":123}"),
    .fault(
      "not_a_word", "Not a word of the vocabulary", "The field accepts only the words of a fixed list.",
      mend: "Use one of the words in `allowed`, or see GET /v1/vocabularies/{name}.", "{\"type\":\"visitt\"}"),
    .fault("too_long", "The value is too long", "The field has a maximum length.", mend: "Shorten it.", "a title of 400 characters"),
    .fault("too_many", "Too many values", "A list has a maximum number of elements.", mend: "Send fewer.", "600 values in a filter"),
    .fault(
      "control_character", "The text contains a control character", "The only control characters allowed in text are tabs and line breaks.",
      mend: "Remove it.",
      "\"A\\u0000visit\""),
    .fault(
      "bad_handle", "Not a handle",
      "A handle has 1 to 64 characters from A-Z a-z 0-9 - . _, does not look like an id, and is not a reserved word such as `aggregate`.",
      mend: "Choose another one.",
      "\"North Korea\""),
    .fault(
      "bad_url", "Not a web address", "The value must be an http or https URL without spaces.", mend: "Send a full, percent-encoded URL.",
      "\"www.example.org\""),
    .fault(
      "malformed", "The date is malformed", "Dates are written YYYY-MM-DD, times YYYY-MM-DDThh:mm:ssZ.", mend: "Use that format.",
      "18 June 2024"),
    .fault(
      "ambiguous", "The date is ambiguous", "Day and month could be swapped, and the server does not guess.", mend: "Write YYYY-MM-DD.",
      "06/07/2024"),
    .fault("no_such_date", "The date does not exist", "The calendar has no such day.", mend: "Check the value.", "2023-02-29"),
    .fault(
      "no_such_time", "The time does not exist", "Hours go up to 23, minutes and seconds up to 59.", mend: "Check the value.",
      "2024-06-18T24:00:00Z"),
    .fault(
      "no_offset", "The time has no offset", "Without Z or an offset the time is ambiguous.",
      mend: "Add Z, or an offset such as +01:00.", "2024-06-18T12:00:00"),
    .fault("leap_second", "Leap seconds are not supported", "Unix time has no second 60.", mend: "Write 59.", "2016-12-31T23:59:60Z"),
    .fault(
      "precision", "The time is too precise", "Times are stored to the millisecond.", mend: "Round to three decimals.", "12:00:00.123456Z"
    ),
    .fault("reversed", "The interval is reversed", "The earlier day must come first.", mend: "Swap the days.", "2024-06-21/2024-06-18"),
    .fault("open_interval", "The interval is open", "An interval needs both ends.", mend: "Send both days.", "2024-06-18/.."),
    .fault(
      "uncertain", "The date is marked as uncertain", "The register has no field for `?` and `%`.",
      mend: "Write ~ for an approximate date.",
      "2024-06?"),
    .fault(
      "season", "Seasons are not supported",
      "EDTF's months 21 to 41 are seasons, quarters and halves. Only the quarters 33 to 36 are accepted.",
      mend: "Write the days instead.", "2024-21"),
  ]
}
