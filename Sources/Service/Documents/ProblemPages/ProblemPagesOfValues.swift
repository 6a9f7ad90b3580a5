internal import Store

// Codes of single values, in bodies, files and parameters alike.

extension ProblemPage {
  static let ofValues: [ProblemPage] = [
    .fault(
      "wrong_type", "The value has another type", "A number is a number, text is text: nothing is converted.",
      mend: "Send the type that the detail names.", "{\"importance\":\"4\"}"),
    .fault(
      "malformed_value", "The value is malformed", "It cannot be read as what the field holds.", mend: "See the detail for the form.",
      "?importance=high"),
    .fault(
      "out_of_range", "The value is out of range", "The field has a lowest and a highest value.", mend: "See the detail for the range.",
      "{\"latitude\":123}"),
    .fault(
      "not_a_word", "Not a word of the vocabulary", "The field holds one of a closed list of words.",
      mend: "See `allowed`, or GET /v1/vocabularies/{name}.", "{\"type\":\"visitt\"}"),
    .fault("too_long", "The value is too long", "The field has a greatest length.", mend: "Shorten it.", "a title of 400 characters"),
    .fault("too_many", "Too many values", "A list has a greatest number of elements.", mend: "Send fewer.", "600 values of a filter"),
    .fault(
      "control_character", "A control character", "Text holds no control characters but tab and line ends.", mend: "Remove it.",
      "\"A\\u0000visit\""),
    .fault(
      "bad_handle", "No handle",
      "A handle is 1 to 64 of A-Z a-z 0-9 - . _, does not look like an id, and is no word of a path such as `aggregate`.",
      mend: "Choose another.",
      "\"North Korea\""),
    .fault("bad_url", "No web address", "It is an http or https URL without blanks.", mend: "Encode it.", "\"www.example.org\""),
    .fault(
      "malformed", "The date is malformed", "Dates are YYYY-MM-DD, moments YYYY-MM-DDThh:mm:ssZ.", mend: "Write it that way.",
      "18 June 2024"),
    .fault(
      "ambiguous", "The date is ambiguous", "Day and month could be exchanged; that is never guessed.", mend: "Write YYYY-MM-DD.",
      "06/07/2024"),
    .fault("no_such_date", "There is no such day", "The calendar does not have it.", mend: "Check it.", "2023-02-29"),
    .fault(
      "no_such_time", "There is no such time", "Hours go to 23, minutes and seconds to 59.", mend: "Check it.", "2024-06-18T24:00:00Z"),
    .fault(
      "no_offset", "The moment has no offset", "Without Z or an offset it is not clear which moment is meant.",
      mend: "Add Z, or an offset such as +01:00.", "2024-06-18T12:00:00"),
    .fault("leap_second", "Leap seconds are not kept", "Unix time has no second 60.", mend: "Write 59.", "2016-12-31T23:59:60Z"),
    .fault(
      "precision", "More digits than are kept", "Moments are kept to the millisecond.", mend: "Round to three decimals.", "12:00:00.123456Z"
    ),
    .fault("reversed", "The interval is reversed", "The earlier day comes first.", mend: "Exchange the days.", "2024-06-21/2024-06-18"),
    .fault("open_interval", "The interval is open", "Both ends of an interval are wanted.", mend: "Give both days.", "2024-06-18/.."),
    .fault(
      "uncertain", "The date is marked as uncertain", "`?` and `%` have no field to go to.", mend: "Write ~ for an approximate date.",
      "2024-06?"),
    .fault(
      "season", "A season is no period of days", "EDTF's months 21 to 41 are seasons and halves; quarters 33 to 36 are taken.",
      mend: "Write the days.", "2024-21"),
  ]
}
