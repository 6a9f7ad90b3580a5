"""A check of our own: what is valid by the document is refused only for what a document cannot say."""

import schemathesis

# Codes that depend on what the register holds, or on several fields at once.
UNFORESEEABLE = {
    # on the register's content
    "unknown_reference", "unknown_stakeholder", "not_found", "deleted", "taken", "conflict", "referenced", "stale", "not_there_then",
    "key_reused", "bad_cursor", "exists", "unknown_id", "self_reference", "permanent", "given_by_path",
    # on several fields or parameters
    "one_of", "incomplete", "before_start", "out_of_order", "not_resolved", "not_done", "reversed_range", "reversed",
    # on the length of the whole, and on numbers in objects that hold anything
    "number_precision",
    "body_too_large", "target_too_long", "too_many_parameters", "repeated_value",
    # on the profile of an import, on a header that is sent beside it, on the state of the index
    "not_in_this_profile", "not_in_this_form", "digest_mismatch", "search_behind", "same_stakeholder",
}
# Parameters with a grammar of their own, which no pattern tells.
LANGUAGES = {"filter", "q", "having", "sort"}
# Of parameters: a comma list is told by a pattern, which cannot count, compare numbers or know a leap year.
UNFORESEEABLE_IN_QUERY = {"out_of_range", "no_such_date", "too_long", "too_many"}

# Of single fields: what another field tells or asks for, and a text that names a field of the cited record.
UNFORESEEABLE_AT = {("/type", "required"), ("/code", "required"), ("/resolved_on", "required"), ("/field", "unknown_field")}


def is_foreseeable(fault):
    if fault["code"] in UNFORESEEABLE or (fault.get("pointer"), fault["code"]) in UNFORESEEABLE_AT:
        return False
    if fault.get("parameter") in LANGUAGES:
        return False
    return not ("parameter" in fault and fault["code"] in UNFORESEEABLE_IN_QUERY)


def is_of_the_tool(fault, case):
    """The coverage phase writes 0 into a header field, whatever pattern the document has for it."""
    return "header" in fault and (case.headers or {}).get(fault["header"]) == "0"


@schemathesis.check
def refusals_are_explained(ctx, response, case):
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code not in (400, 422):
        return
    problem = response.json()
    if case.operation.path.startswith("/v1/imports"):
        return  # a schema does not tell the grammar of files
    faults = problem.get("errors") or [problem]
    unexplained = {fault["code"] for fault in faults if is_foreseeable(fault) and not is_of_the_tool(fault, case)}
    if unexplained:
        raise AssertionError(f"valid by the document, and refused with {sorted(unexplained)}")


def as_text(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


for media_type in ("application/x-ndjson", "text/csv", "text/tab-separated-values", "application/gzip", "application/zip"):
    schemathesis.serializer(media_type)(as_text)
