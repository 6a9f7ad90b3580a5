internal import Intake
internal import Records
internal import Store

// Codes of records and of queries for them.

extension ProblemPage {
  static let ofRecords: [ProblemPage] = [
    .problem(
      "invalid_record", 422, "The record is not valid",
      "The body is JSON, and some fields are not as they must be; `errors` lists all of them with a pointer each.",
      mend: "Mend every fault that is listed.", "{\"title\":\"A visit\"}"),
    .problem(
      "conflict", 409, "Two things exclude each other", "Another record has this key; or two parameters contradict each other.",
      mend: "Choose another key, or change the record that has it; ask with one of the parameters.",
      "a second stakeholder with the code PRK"),
    .problem(
      "referenced", 409, "Other records refer to this one", "It cannot be deleted while others name it. Nothing was deleted.",
      mend: "Change or delete those first.", "DELETE /v1/stakeholders/PRK"),
    .problem(
      "append_only", 409, "Such records are not changed", "Assessments and progress reports are added and removed, never changed.",
      mend: "Add a new one.",
      "a row of another probability for an assessment that is there"),
    .problem(
      "deleted", 410, "The record has been deleted", "The id was given and will not be given again.",
      mend: "Its history shows what it said.",
      "GET of what was deleted"),
    .problem(
      "not_there_then", 404, "The record was not there then", "At the time of `as_of` it had not been recorded, or was deleted.",
      mend: "Ask for another time.",
      "?as_of=2000-01-01T00:00:00Z"),
    .problem(
      "stale", 412, "The record has changed", "`If-Match` names a version that is not the one that holds.",
      mend: "Read it again, make the change on what it says now, and send it with the new ETag.", "If-Match: \"1\" when the version is 2"),
    .problem(
      "excluded", 412, "The request excludes the record as it is",
      "`If-None-Match` is `*` and there is such a record, or it names the version that the record has.",
      mend: "Leave If-None-Match out to change what is there.", "PUT …/by-external/demo/1 with If-None-Match: *, a second time"),
    .problem(
      "key_reused", 422, "The key belongs to another request", "This Idempotency-Key came with another path or body before.",
      mend: "Make a new key for each new request.", "one key for two different bodies"),
    .problem(
      "if_match_required", 428, "An update says which version it changes", "`http.require_if_match` is set.",
      mend: "Read the record and send its ETag as If-Match.", "PATCH without If-Match"),
    .fault("required", "A field is required", "The record cannot be without it.", mend: "Give it.", "{\"summary\":\"…\"} without a title"),
    .fault(
      "unknown_field", "A field is not known", "No field has this name; it was not ignored, since an ignored field is a lost one.",
      mend: "The nearest name is in the detail; what has no field goes into `extra`.", "{\"titel\":\"A visit\"}"),
    .fault(
      "read_only", "Only the register gives this field", "The body says another value than the record has.", mend: "Leave it out.",
      "{\"version\":7}"),
    .fault(
      "permanent", "The field cannot change", "It is given once, because other records use it.",
      mend: "Leave it as it is; make a new record.", "another code for PRK"),
    .fault(
      "given_by_path", "The path says it already", "The body says another thing than the path.", mend: "Leave the field out.",
      "another external_id than in the path"),
    .fault(
      "self_reference", "A record refers to itself", "Nothing is a part of itself.", mend: "Name another record.",
      "a parent_id that is the own id"),
    .fault("taken", "The key is taken", "Another record has this value, which must be unique.", mend: "Choose another.", "the code PRK"),
    .fault(
      "one_of", "One of two fields is wanted", "The two exclude or replace each other.", mend: "Give the one that you know.",
      "a target and an issue"),
    .fault("incomplete", "A field lacks its partner", "Two fields come together.", mend: "Give both.", "a latitude without a longitude"),
    .fault(
      "before_start", "The end is before the start", "A period ends on or after the day on which it starts.",
      mend: "Exchange or mend the days.", "2024-06-19 to 2024-06-18"),
    .fault(
      "out_of_order", "Values are out of order", "A lower bound is above, or an upper bound below, the value between them.",
      mend: "Mend the bound.", "low 0.9 with a probability of 0.5"),
    .fault(
      "not_resolved", "The outcome is open", "An outcome that is open has no day of resolution.", mend: "Set its status too.",
      "{\"status\":\"open\",\"resolved_on\":\"2024-12-31\"}"),
    .fault(
      "not_done", "The commitment is not done", "Only what is done has a day on which it was done.", mend: "Set its status to done.",
      "{\"status\":\"open\",\"done_on\":\"2024-12-31\"}"),
    .fault(
      "unknown_reference", "There is no such record", "The field names a record that does not exist.",
      mend: "Give an id, a handle or source/external_id of one that does.", "\"stakeholder\":\"XYZ\""),
    .fault(
      "bad_reference", "No name of a record", "A reference has 1 to 300 bytes.", mend: "Give an id, a handle or source/external_id.", "\"\""
    ),
    .fault("bad_id", "No id of this kind of record", "An id is a prefix and 13 characters.", mend: "Copy it from a record.", "\"evt_1\""),
  ]

  static let ofQuestions: [ProblemPage] = [
    .problem(
      "bad_parameter", 400, "The question is not understood",
      "A parameter is not known, or its value is not; `errors` lists each. Nothing was guessed: an ignored parameter would give a wrong answer.",
      mend: "Mend every parameter that is listed.", "GET /v1/events?typ=visit"),
    .problem(
      "search_behind", 503, "The search index has not taken in all changes yet",
      "A search answers for the whole register, or says that it cannot yet.",
      mend: "Ask again after Retry-After, or take what is indexed so far with stale=true.", "a search right after a large import"),
    .problem(
      "same_stakeholder", 400, "Both are the same", "A dyad is of two different stakeholders.", mend: "Name another one.",
      "GET /v1/analytics/dyads/PRK/PRK"),
    .fault(
      "search_off", "This register keeps no search index", "`search.enabled` is false in its configuration.",
      mend: "Filter by fields, or ask the operator.", "?q=treaty"),
    .fault(
      "nothing_to_search", "There is nothing to search for",
      "No word that is wanted is left: no letter and no digit, or only what is not wanted.", mend: "Name a word.", "?q=-treaty"),
    .fault(
      "short_prefix", "The prefix is too short", "It would match a large part of all words.", mend: "Write more of the word.", "?q=a*"),
    .fault(
      "bad_prefix", "* stands in the wrong place", "It stands at the end of a word.", mend: "Write sanction*, or put the text in quotes.",
      "?q=*tion"),
    .fault(
      "bad_or", "OR stands in the wrong place", "It stands between two words that are wanted.",
      mend: "Write one OR other; in quotes it is a word.", "?q=OR treaty"),
    .fault(
      "bad_not", "NOT stands in the wrong place", "It stands before what is not wanted.",
      mend: "Write treaty -trade; in quotes it is a word.", "?q=treaty NOT"),
    .fault("open_quote", "A quote is not closed", "A phrase in a search begins and does not end.", mend: "Close it.", "?q=\"north korea"),
    .fault(
      "malformed_filter", "The expression breaks off or goes astray", "At the column that is named something else is expected.",
      mend: "See the detail.", "?filter=type="),
    .fault(
      "mixed_and_or", "AND and OR without parentheses", "(a OR b) AND c is not a OR (b AND c), and nothing is guessed.",
      mend: "Put parentheses.", "?filter=a=1 OR b=2 AND c=3"),
    .fault(
      "unclosed_quote", "A quote is not closed", "A text in an expression begins and does not end.",
      mend: "Close it; '' is a quote in a text.", "?filter=title='A visit"),
    .fault(
      "too_deep", "Too deep", "Parentheses, or names with dots, go deeper than is followed.", mend: "Write it flatter.", "?include=a.b.c"),
    .fault(
      "no_field", "A field is wanted", "The name is that of related records.", mend: "Name one of their fields: outcomes.status=open.",
      "?outcomes=open"),
    .fault("repeated_value", "A value comes twice", "Each field or metric is named once.", mend: "Remove one.", "?group_by=type,type"),
    .fault(
      "unknown_parameter", "A parameter is not known", "The path takes no parameter of this name.",
      mend: "The nearest name is in the detail.", "?typ=visit"),
    .fault(
      "repeated_parameter", "A parameter comes twice", "Which one is meant cannot be told.",
      mend: "Any of several values is a comma list: type=visit,summit.", "?type=visit&type=summit"),
    .fault(
      "empty_parameter", "A parameter has no value", "It was sent with nothing behind the =.",
      mend: "Leave it out; `field__null=true` asks for what is not known.", "?type="),
    .fault(
      "unknown_operator", "An operator is not known", "Behind the two underscores stands none of the operators.", mend: "See `allowed`.",
      "?start_date__after=2024-01-01"),
    .fault(
      "operator_not_allowed", "The field does not take the operator", "What it would mean for this field is not clear.",
      mend: "See `allowed`.", "?date_approximate__like=t"),
    .fault(
      "ambiguous_comma", "The comma may be part of a text", "A comma with a space behind it stands in many texts, and between values too.",
      mend: "Put each text in double quotes.", "?title=Talks, then a summit"),
    .fault(
      "bad_escape", "A backslash escapes nothing", "In `like` it makes a letter of the %, _ or \\ behind it.",
      mend: "Write \\\\ for a backslash.", "?title__like=50\\"),
    .fault(
      "unknown_relation", "Nothing of this name can be embedded", "`include` names what is no relation of the resource.",
      mend: "See `allowed`.", "?include=comments"),
    .fault(
      "unknown_stakeholder", "There is no such stakeholder", "A typing error must not look like an empty answer.",
      mend: "Give a code such as PRK, or an id.", "?participant=NORTHKOREA"),
    .fault(
      "bad_cursor", "The cursor is not one of this query", "A cursor goes on where its page ended: filters and sort stay as they were.",
      mend: "Begin again without the cursor.", "a cursor with another sort"),
    .fault(
      "not_in_this_form", "Not in this form", "Embedded records and counts come with JSON lists only.",
      mend: "Ask for JSON, or for the records' own list.", "GET /v1/events.csv?include=outcomes"),
    .fault(
      "reversed_range", "The range is reversed", "The first value is above the second: nothing lies between.", mend: "Exchange them.",
      "?importance__between=5,1"),
    .fault(
      "imprecise_date", "The date is more than a day", "Equality is asked of one day.",
      mend: "Use field__between with the two days that the detail names.", "?start_date=2024-06"),
    .fault(
      "bad_etag", "No entity tag of a record", "It is the version in double quotes.", mend: "Send the ETag as it came.", "If-Match: 3"),
    .fault("bad_key", "No Idempotency-Key", "It is 1 to 255 printable characters without blanks.", mend: "Use a UUID.", "an empty key"),
  ]
}
