internal import Intake
internal import Records
internal import Store

// Codes of records and of queries for them.

extension ProblemPage {
  static let ofRecords: [ProblemPage] = [
    .problem(
      "invalid_record", 422, "The record is not valid",
      "The body is JSON, but some fields are invalid. `errors` lists all of them, each with a pointer.",
      mend: "Fix every listed fault.", "{\"title\":\"A visit\"}"),
    .problem(
      "conflict", 409, "Conflict", "Another record has this key, or two parameters contradict each other.",
      mend: "Choose another key, or change the record that has it. Use only one of the parameters.",
      "a second stakeholder with the code PRK"),
    .problem(
      "referenced", 409, "Other records refer to this one",
      "The record cannot be deleted while other records refer to it. Nothing was deleted.",
      mend: "Change or delete those records first.", "DELETE /v1/stakeholders/PRK"),
    .problem(
      "append_only", 409, "The resource is append-only", "Assessments and progress reports can be added and deleted, but not changed.",
      mend: "Add a new record.",
      "a row with another probability for an existing assessment"),
    .problem(
      "deleted", 410, "The record has been deleted", "The id belonged to a deleted record, and will not be reused.",
      mend: "Read its history.",
      "GET of a deleted record"),
    .problem(
      "not_there_then", 404, "The record did not exist at that time",
      "At the time of `as_of` it had not been recorded yet, or had been deleted.",
      mend: "Use another time.",
      "?as_of=2000-01-01T00:00:00Z"),
    .problem(
      "stale", 412, "The record has changed", "`If-Match` names a version that is not the current one.",
      mend: "Read the record again, apply the change to it, and send it with the new ETag.", "If-Match: \"1\" on version 2"),
    .problem(
      "excluded", 412, "If-None-Match matches the record",
      "`If-None-Match` is `*` and the record exists, or it names the record's current version.",
      mend: "Omit If-None-Match to change the existing record.", "PUT …/by-external/demo/1 with If-None-Match: *, a second time"),
    .problem(
      "key_reused", 422, "The Idempotency-Key belongs to another request",
      "This Idempotency-Key was already used with another path or body.",
      mend: "Use a new key for each new request.", "one key for two different bodies"),
    .problem(
      "if_match_required", 428, "If-Match is required",
      "`http.require_if_match` is set, so every update must name the version that it changes.",
      mend: "Read the record and send its ETag as If-Match.", "PATCH without If-Match"),
    .fault(
      "required", "A field is required", "The record needs this field.", mend: "Add the field.", "{\"summary\":\"…\"} without a title"),
    .fault(
      "unknown_field", "Unknown field", "No field has this name. Unknown fields are refused, because ignoring them would lose data.",
      mend: "The detail gives the nearest name. Put values without a field into `extra`.", "{\"titel\":\"A visit\"}"),
    .fault(
      "read_only", "The field is read-only", "Only the register sets this field, and the body has another value than the record.",
      mend: "Omit it.",
      "{\"version\":7}"),
    .fault(
      "permanent", "The field cannot change", "The field is permanent, because other records use it.",
      mend: "Keep it as it is, or create a new record.", "another code for PRK"),
    .fault(
      "given_by_path", "The body contradicts the path", "The path sets this field, and the body has another value.",
      mend: "Omit the field.",
      "an external_id that differs from the path"),
    .fault(
      "self_reference", "A record refers to itself", "A record cannot be part of itself.", mend: "Refer to another record.",
      "a parent_id equal to the record's own id"),
    .fault(
      "taken", "The key is taken", "Another record has this value, and it must be unique.", mend: "Choose another one.", "the code PRK"),
    .fault(
      "one_of", "Exactly one of two fields is required", "The two fields are alternatives.", mend: "Send the one that you know.",
      "both a target and an issue"),
    .fault(
      "incomplete", "A field needs its counterpart", "The two fields must be sent together.", mend: "Send both.",
      "a latitude without a longitude"),
    .fault(
      "before_start", "The end is before the start", "A period must end on or after the day on which it starts.",
      mend: "Swap or correct the days.", "2024-06-19 to 2024-06-18"),
    .fault(
      "out_of_order", "Values are out of order", "A lower bound is above, or an upper bound below, the value between them.",
      mend: "Correct the bound.", "low 0.9 with a probability of 0.5"),
    .fault(
      "not_resolved", "The outcome is open", "An open outcome cannot have a day of resolution.", mend: "Set its status, too.",
      "{\"status\":\"open\",\"resolved_on\":\"2024-12-31\"}"),
    .fault(
      "not_done", "The commitment is not done", "Only a commitment that is done can have a done_on day.", mend: "Set its status to done.",
      "{\"status\":\"open\",\"done_on\":\"2024-12-31\"}"),
    .fault(
      "unknown_reference", "The record does not exist", "The field refers to a record that does not exist.",
      mend: "Use the id, handle or source/external_id of an existing record.", "\"stakeholder\":\"XYZ\""),
    .fault(
      "bad_reference", "The reference is malformed", "A reference has 1 to 300 bytes.", mend: "Use an id, a handle or source/external_id.",
      "\"\""
    ),
    .fault(
      "bad_id", "Not an id of this resource", "An id is the resource's prefix, an underscore and 13 characters.",
      mend: "Copy the id from a record.", "\"evt_1\""),
  ]

  static let ofQuestions: [ProblemPage] = [
    .problem(
      "bad_parameter", 400, "The query is invalid",
      "A parameter or its value is invalid; `errors` lists each. Nothing is ignored, because that would give a wrong answer.",
      mend: "Fix every listed parameter.", "GET /v1/events?typ=visit"),
    .problem(
      "search_behind", 503, "The search index is not up to date",
      "The index has not processed all changes yet, and a search covers all of them by default.",
      mend: "Retry after the time in Retry-After, or add stale=true to search what is indexed so far.",
      "a search right after a large import"),
    .problem(
      "same_stakeholder", 400, "The two stakeholders are the same", "A dyad needs two different stakeholders.",
      mend: "Choose another stakeholder.",
      "GET /v1/analytics/dyads/PRK/PRK"),
    .fault(
      "search_off", "This register has no search index", "`search.enabled` is false in its configuration.",
      mend: "Filter by fields, or ask the operator to enable it.", "?q=treaty"),
    .fault(
      "nothing_to_search", "The search has no terms",
      "The search contains no letters or digits, or only excluded words.", mend: "Add a word to search for.", "?q=-treaty"),
    .fault(
      "short_prefix", "The prefix is too short", "It would match too many words.", mend: "Use a longer prefix.", "?q=a*"),
    .fault(
      "bad_prefix", "The * is in the wrong place", "A * is allowed only at the end of a word.",
      mend: "Write sanction*, or put the text in quotes.",
      "?q=*tion"),
    .fault(
      "bad_or", "The OR is in the wrong place", "OR must stand between two words that are not excluded.",
      mend: "Write one OR other. To search for the word, quote it.", "?q=OR treaty"),
    .fault(
      "bad_not", "The NOT is in the wrong place", "NOT must stand before the word to exclude.",
      mend: "Write treaty -trade. To search for the word, quote it.", "?q=treaty NOT"),
    .fault("open_quote", "A quote is not closed", "A phrase in the search has no closing quote.", mend: "Close it.", "?q=\"north korea"),
    .fault(
      "malformed_filter", "The filter expression is malformed", "Something else is expected at the given column.",
      mend: "The detail says what is expected there.", "?filter=type="),
    .fault(
      "mixed_and_or", "AND and OR without parentheses", "(a OR b) AND c differs from a OR (b AND c), and the server does not guess.",
      mend: "Add parentheses.", "?filter=a=1 OR b=2 AND c=3"),
    .fault(
      "unclosed_quote", "A quote is not closed", "A text in the expression has no closing quote.",
      mend: "Close it. Inside a text, write '' for a quote.", "?filter=title='A visit"),
    .fault(
      "too_deep", "The nesting is too deep", "Parentheses or dotted names are nested deeper than the limit.", mend: "Reduce the nesting.",
      "?include=a.b.c"),
    .fault(
      "no_field", "A field is required", "The name is a relation, not a field.",
      mend: "Name a field of the related records, such as outcomes.status=open.",
      "?outcomes=open"),
    .fault("repeated_value", "Duplicate value", "Each field or metric may be named only once.", mend: "Remove one.", "?group_by=type,type"),
    .fault(
      "unknown_parameter", "Unknown parameter", "The path has no parameter with this name.",
      mend: "The detail gives the nearest name.", "?typ=visit"),
    .fault(
      "repeated_parameter", "Duplicate parameter", "The intended value is unclear.",
      mend: "To match any of several values, use commas: type=visit,summit.", "?type=visit&type=summit"),
    .fault(
      "empty_parameter", "A parameter has no value", "Nothing follows the =.",
      mend: "Omit it. To find records without a value, use `field__null=true`.", "?type="),
    .fault(
      "unknown_operator", "Unknown operator", "The word after the two underscores is not an operator.",
      mend: "Use one of the words in `allowed`.",
      "?start_date__after=2024-01-01"),
    .fault(
      "operator_not_allowed", "The field does not support the operator", "The operator has no meaning for this field.",
      mend: "Use one of the words in `allowed`.", "?date_approximate__like=t"),
    .fault(
      "ambiguous_comma", "The comma is ambiguous", "A comma followed by a space may be part of a text or separate two values.",
      mend: "Put each text in double quotes.", "?title=Talks, then a summit"),
    .fault(
      "bad_escape", "Invalid escape", "In `like` a backslash may only stand before %, _ or \\.",
      mend: "Write \\\\ for a literal backslash.", "?title__like=50\\"),
    .fault(
      "unknown_relation", "Unknown relation", "`include` names something that is not a relation of the resource.",
      mend: "Use one of the words in `allowed`.", "?include=comments"),
    .fault(
      "unknown_stakeholder", "Unknown stakeholder",
      "No stakeholder has this name. An unknown name is refused, so that a typing error does not look like an empty answer.",
      mend: "Use a code such as PRK, or an id.", "?participant=NORTHKOREA"),
    .fault(
      "bad_cursor", "The cursor belongs to another query",
      "A cursor continues one query, so filters and sort must not change between pages.",
      mend: "Start again without the cursor.", "a cursor with another sort"),
    .fault(
      "not_in_this_form", "Not available in this format", "Only JSON lists can have embedded records and counts.",
      mend: "Request JSON, or the list of the related records.", "GET /v1/events.csv?include=outcomes"),
    .fault(
      "reversed_range", "The range is reversed", "The first value is greater than the second, so nothing can match.",
      mend: "Swap the two values.",
      "?importance__between=5,1"),
    .fault(
      "imprecise_date", "The date is not a single day", "Equality needs a single day.",
      mend: "Use field__between with the two days in the detail.", "?start_date=2024-06"),
    .fault(
      "bad_etag", "Not the entity tag of a record", "A record's entity tag is its version in double quotes.",
      mend: "Send the ETag exactly as received.", "If-Match: 3"),
    .fault(
      "bad_key", "The Idempotency-Key is malformed", "The key must have 1 to 255 printable ASCII characters without spaces.",
      mend: "Use a UUID.", "an empty key"),
  ]
}
