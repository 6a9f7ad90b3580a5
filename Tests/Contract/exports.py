"""pandas, DuckDB and Miller read in every export what the JSON lists say, and SQL tools read it in the file's views.

    exports.py URL DATABASE        a server with the demo register, and its database file
"""

import datetime
import gzip
import io
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import duckdb
import duckdb_extension_sqlite_scanner
import pandas

url, database = sys.argv[1:]
scratch = tempfile.TemporaryDirectory(prefix="chancery-exports-")
folder = pathlib.Path(scratch.name)
root = pathlib.Path(__file__).resolve().parents[2]
duck = duckdb.connect()
duck.execute("SET TimeZone = 'UTC'")


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"exports: {what}: {found!r}, and {wanted!r} is right")


# MARK: The register


def ask(path, body=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url + path, body, fields), timeout=60) as answer:
        return answer.read(), answer.headers


def walk(path):
    """All items of a list, page by page."""
    items, cursor = [], ""
    while cursor is not None:
        page = json.loads(ask(path + ("&" if "?" in path else "?") + "limit=500" + cursor)[0])
        items += page["items"]
        cursor = page["next_cursor"] and "&cursor=" + urllib.parse.quote(page["next_cursor"])
    return items


# Texts that tools stumble over, and more events than a page of the export, so that pages meet in the middle of the file.
ODD = [
    'He said "yes", twice', "two\nlines", "Ünïcode 日本 😀", " blanks around ", "NA", "null", "007", "1e5", "-0", "true", "2024-01-01",
    "a;b:c", "[not json", "{}", "'", "\\", "tab\there", "=1+1", "ends with a quote\"", "#hash", "0x10",
]


def event(number):
    odd = ODD[number % len(ODD)]
    return {
        "source": "exports", "external_id": str(number), "title": f"{odd} {number}", "summary": odd if number % 3 else None, "type": "visit",
        "start_date": f"20{number % 25:02}-0{number % 9 + 1}-1{number % 9}", "cameo_code": ["042", None, "190"][number % 3],
        "date_approximate": number % 2 == 0, "country": [None, "NAM", "FRA"][number % 3], "tone": [None, -1.25, 3][number % 3],
        "latitude": number % 90 + 0.5 if number % 4 else None, "longitude": -number % 180 - 0.125 if number % 4 else None,
        "geo_precision": "near", "tags": [[], ["a"], ["a,b", "c;d"], ["x", "y"]][number % 4],
        "extra": [{}, {"k": odd, "n": 1.5}][number % 2],
        "participants": [{"stakeholder": "RUS", "role": "host"}, {"stakeholder": "PRK", "name_as_reported": odd}][: number % 3],
    }  # fmt: skip


rows = "\n".join(json.dumps(event(number)) for number in range(1200)).encode()
expect(json.loads(ask("/v1/imports/events", rows, Content_Type="application/x-ndjson")[0])["counts"]["created"], 1200, "import")
source = json.loads(ask("/v1/sources?limit=1")[0])["items"][0]["id"]
for item in json.loads(ask("/v1/events?limit=3")[0])["items"]:
    citation = {"source_id": source, "record": item["id"], "quote": ODD[0], "credibility": 2}
    ask("/v1/citations", json.dumps(citation).encode(), Content_Type="application/json")

# MARK: What the columns hold, by the document

document = json.loads(ask("/openapi.json")[0])
schemas = document["components"]["schemas"]


def resolved(schema):
    """A schema without the detour of `anyOf` and `$ref`."""
    schema = next((choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"), schema)
    return resolved(schemas[schema["$ref"].rsplit("/", 1)[1]]) if "$ref" in schema else schema


def kind(schema):
    """text, date, moment, boolean, integer, number, list (of scalars) or nested."""
    schema = resolved(schema)
    types = schema.get("type", "string")
    name = next(name for name in ([types] if isinstance(types, str) else types) if name != "null")
    if name == "array":
        return "nested" if kind(schema["items"]) == "nested" else "list"
    if name == "string":
        return {"date": "date", "date-time": "moment"}.get(schema.get("format"), "text")
    return {"object": "nested"}.get(name, name)


def page_kinds(path):
    """The columns of a list, by the schema of its page."""
    page = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    item = resolved(resolved(page)["properties"]["items"]["items"])
    return {name: kind(schema) for name, schema in item["properties"].items()}


# MARK: What a cell should be


def cell_says(text, value, name):
    """Whether a CSV cell says what JSON says: `a;b`, `RUS:host;PRK`, or JSON where a text holds such a sign."""
    if value in (None, [], {}):
        return text is None or text == ""
    if isinstance(value, dict) or text.startswith("["):
        return json.loads(text) == value
    if name != "participants":
        return text == ";".join(str(one) for one in value)
    parts = ["stakeholder", "role", "side", "level", "name_as_reported"]
    parties = [dict(zip(parts, party.split(":"))) for party in text.split(";")]
    return [{part: word for part, word in party.items() if word} for party in parties] == value


def milliseconds(moment):
    return round(pandas.Timestamp(moment).timestamp() * 1000)


def same(found, value, kind_, name, is_cell):
    """Whether what a tool has read is what JSON says."""
    if kind_ in ("list", "nested"):
        return cell_says(found, value, name) if is_cell else bare(found) == bare(value)
    if value is None or found is None or found == "":
        return value is None and (found is None or found == "")
    if kind_ == "moment":
        return found == milliseconds(value)
    if kind_ == "boolean":
        return found is value
    if kind_ in ("integer", "number"):
        return not isinstance(found, (str, bool)) and float(found) == float(value)
    return found == value


def bare(value):
    """An object without nulls, which DuckDB fills in, and with days as text."""
    if isinstance(value, dict):
        return {name: bare(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def compare(read, items, kinds, what, is_cell):
    """Rows that a tool has read, in the order of the list."""
    expect(len(read), len(items), f"{what}: rows")
    for number, (row, item) in enumerate(zip(read, items)):
        for name, value in item.items():
            if not same(row.get(name), value, kinds[name], name, is_cell):
                sys.exit(f"exports: {what}: row {number}, {name}: {row.get(name)!r}, and {value!r} is right")


# MARK: pandas

PANDAS = {"text": "string", "list": "string", "nested": "string", "boolean": "boolean", "integer": "Int64", "number": "float64"}


def plain(value, kind_):
    """A pandas value as JSON would have it."""
    if value is None or (not isinstance(value, (list, dict)) and pandas.isna(value)):
        return None
    if kind_ == "date":
        return value.date().isoformat()
    if kind_ == "moment":
        return milliseconds(value)
    return bool(value) if kind_ == "boolean" else value


def records(frame, kinds):
    return [{name: plain(value, kinds[name]) for name, value in row.items()} for row in frame.to_dict("records")]


def pandas_csv(data, items, kinds, what):
    """As docs/sql.md says: the type of each column given, only empty cells missing."""
    columns = list(pandas.read_csv(io.BytesIO(data), nrows=0).columns)
    expect(columns, [name for name in kinds if name in columns], f"{what}: columns")
    given = {name: PANDAS[kinds[name]] for name in columns if kinds[name] in PANDAS}
    times = [name for name in columns if kinds[name] in ("date", "moment")]
    frame = pandas.read_csv(io.BytesIO(data), dtype=given, parse_dates=times, keep_default_na=False, na_values=[""])
    for name in times:
        is_time = pandas.api.types.is_datetime64_any_dtype(frame[name])
        expect(is_time or frame[name].isna().all(), True, f"{what}: {name} is read as a time")
    compare(records(frame, kinds), items, kinds, what, True)


def pandas_ndjson(data, items, kinds, what):
    frame = pandas.read_json(io.BytesIO(data), lines=True, dtype=False, precise_float=True)
    for name in frame.columns:
        if kinds[name] in ("date", "moment"):
            frame[name] = pandas.to_datetime(frame[name])
    compare(records(frame, kinds), items, kinds, what, False)


# MARK: DuckDB

# A column with numbers of both signs may be a HUGEINT.
DUCKDB = {
    "date": {"DATE"}, "moment": {"TIMESTAMP WITH TIME ZONE", "TIMESTAMP"}, "boolean": {"BOOLEAN"}, "integer": {"BIGINT", "HUGEINT"},
    "number": {"DOUBLE", "BIGINT", "HUGEINT"}, "text": {"VARCHAR"},
}  # fmt: skip


def duckdb_reads(table, items, kinds, what, is_cell):
    """What DuckDB makes of a file when nobody tells it the types."""
    types = {name: type_ for name, type_, *_ in duck.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}
    expect(list(types), [name for name in kinds if name in types], f"{what}: columns")
    chosen = []
    for name, type_ in types.items():
        has_values = any(item[name] not in (None, "") for item in items)
        if has_values and kinds[name] in DUCKDB:
            expect(type_ in DUCKDB[kinds[name]], True, f"{what}: {name} is {type_}")
        as_moment, as_text = f'epoch_ms("{name}") AS "{name}"', f'CAST("{name}" AS VARCHAR) AS "{name}"'
        is_moment = type_.startswith("TIMESTAMP") and kinds[name] == "moment"
        chosen.append(as_moment if is_moment else as_text if type_ in ("DATE", "JSON") else f'"{name}"')
    cursor = duck.execute(f"SELECT {', '.join(chosen)} FROM {table}")
    read = [dict(zip(types, row)) for row in cursor.fetchall()]
    if not is_cell:
        # A column of objects of all kinds is JSON.
        read = [{n: json.loads(v) if types[n] == "JSON" and v is not None else v for n, v in row.items()} for row in read]
    compare(read, items, kinds, what, is_cell)


# MARK: Miller


def miller(file, *arguments):
    answer = subprocess.run(["mlr", "--ojson", "--no-auto-unflatten", *arguments, str(file)], check=True, capture_output=True)
    return json.loads(answer.stdout or "[]")


def miller_csv(file, items, kinds, what):
    """It reads a line end inside a cell as a line feed, and knows no type but the number."""
    texts = miller(file, "--icsv", "-S", "cat")
    named = ",".join(name for name in texts[0] if kinds[name] in ("integer", "number"))
    numbers = miller(file, "--icsv", "cut", "-f", named)
    rows = []
    for row, numbered in zip(texts, numbers, strict=True):
        typed = {}
        for name, text in row.items():
            if name in numbered:
                typed[name] = numbered[name]
            elif kinds[name] == "boolean":
                typed[name] = {"true": True, "false": False, "": None}[text]
            else:
                typed[name] = milliseconds(text) if kinds[name] == "moment" and text else text
        rows.append(typed)
    compare(rows, items, kinds, what, True)


def miller_json(read, items, kinds, what):
    moments = [name for name in kinds if kinds[name] == "moment"]
    for row in read:
        row |= {name: milliseconds(row[name]) for name in moments if row.get(name)}
    compare(read, items, kinds, what, False)


# MARK: Every export


def save(name, path, **headers):
    data, fields = ask(path, **headers)
    file = folder / name
    file.write_bytes(data)
    return file, data, fields


def check_csv(name, path, items, kinds):
    file, data, _ = save(f"{name}.csv", path)
    pandas_csv(data, items, kinds, f"pandas, {path}")
    if items:
        duckdb_reads(f"read_csv('{file}')", items, kinds, f"DuckDB, {path}", True)
        miller_csv(file, items, kinds, f"Miller, {path}")


def check_resource(name, path):
    items, kinds = walk(path), page_kinds(path)
    check_csv(name, f"{path}.csv", items, kinds)
    file, data, _ = save(f"{name}.ndjson", f"{path}.ndjson")
    if items:
        pandas_ndjson(data, items, kinds, f"pandas, {path}.ndjson")
        duckdb_reads(f"read_ndjson('{file}')", items, kinds, f"DuckDB, {path}.ndjson", False)
        miller_json(miller(file, "--ijsonl", "cat"), items, kinds, f"Miller, {path}.ndjson")
    return len(items)


def check_geojson():
    items, kinds = walk("/v1/events"), page_kinds("/v1/events")
    file, data, _ = save("events.geojson", "/v1/events.geojson")
    ids = [item["id"] for item in items]
    points = [None if item["latitude"] is None else [item["longitude"], item["latitude"]] for item in items]

    frame = pandas.json_normalize(json.loads(data)["features"])
    expect(list(frame["id"]), ids, "pandas, geojson: ids")
    read = [place if isinstance(place, list) else None for place in frame["geometry.coordinates"]]
    expect(read, points, "pandas, geojson: coordinates")

    features = f"(SELECT unnest(features) AS f FROM read_json('{file}', maximum_object_size = 100000000))"
    read = duck.execute(f"SELECT f.id, f.geometry.coordinates FROM {features}").fetchall()
    expect(read, list(zip(ids, points)), "DuckDB, geojson")
    properties = f"(SELECT unnest(f.properties) FROM {features})"
    duckdb_reads(properties, items, kinds, "DuckDB, geojson", False)

    each = "for (f in $features) { emit1 mapsum(f[\"properties\"], {\"point\": f[\"geometry\"]}) }"
    read = miller(file, "--ijson", "put", "-q", each)
    expect([(row.pop("point") or {"coordinates": None})["coordinates"] for row in read], points, "Miller, geojson: coordinates")
    miller_json(read, items, kinds, "Miller, geojson")


def check_gzip(count):
    _, whole, _ = save("plain.csv", "/v1/events.csv")
    file, packed, fields = save("packed.csv.gz", "/v1/events.csv", Accept_Encoding="gzip")
    expect((fields["Content-Encoding"], gzip.decompress(packed)), ("gzip", whole), "gzip")
    expect(len(pandas.read_csv(file, dtype="string")), count, "pandas, gzip: rows")
    expect(duck.execute(f"SELECT count(*) FROM read_csv('{file}')").fetchone(), (count,), "DuckDB, gzip: rows")
    expect(miller(file, "--icsv", "--gzin", "count"), [{"count": count}], "Miller, gzip: rows")


def refuses_geojson(path):
    try:
        ask(f"{path}.geojson")
    except urllib.error.HTTPError as error:
        return 400 <= error.code < 500
    return False


# MARK: The views


def check_views(counts):
    with sqlite3.connect(f"file:{urllib.parse.quote(database)}?mode=ro", uri=True) as lite:
        views = [name for (name,) in lite.execute("SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'v!_%' ESCAPE '!'")]
        extension = next(pathlib.Path(duckdb_extension_sqlite_scanner.__file__).parent.rglob("*.duckdb_extension"))
        duck.execute(f"LOAD '{extension}'")
        duck.execute(f"ATTACH '{database}' AS register (TYPE sqlite, READ_ONLY)")
        for view in views:
            rows = lite.execute(f"SELECT * FROM {view}").fetchall()
            name = view.removeprefix("v_")
            if name in counts:
                expect(len(rows), counts[name], f"{view}: rows")
            # DuckDB has SQLite answer, and takes everything as text.
            text = sorted((tuple(None if cell is None else str(cell) for cell in row) for row in rows), key=str)
            expect(sorted(duck.execute(f"SELECT * FROM register.{view}").fetchall(), key=str), text, f"DuckDB, {view}")
        examples = re.findall(r"^```sql\n(.*?)^```", (root / "docs/sql.md").read_text(), re.MULTILINE | re.DOTALL)
        for example in examples:
            is_duck = "register." in example
            found = duck.execute(example).fetchall() if is_duck else lite.execute(example).fetchall()
            expect(bool(found), True, f"docs/sql.md:\n{example}\nfinds something")
        return len(views), len(examples)


resources = [(one["name"], one["url"]) for one in json.loads(ask("/v1")[0])["resources"]]
counts = {name: check_resource(name, path) for name, path in resources}
expect([path for _, path in resources if not refuses_geojson(path)], ["/v1/events"], "lists as GeoJSON")
check_geojson()
check_gzip(counts["events"])
for question in ["timeline?bucket=month&group_by=type&metric=count,mean_goldstein,sum_goldstein", "dyads"]:
    path, _, query = question.partition("?")
    answer = json.loads(ask(f"/v1/analytics/{question}")[0])["items"]
    kinds = {"time": "date", "type": "text", "a": "text", "b": "text"}
    check_csv(path, f"/v1/analytics/{path}.csv?{query}", answer, {name: kinds.get(name, "number") for name in answer[0]})
views, examples = check_views(counts)
print(f"exports: {sum(counts.values())} records of {len(counts)} resources, {views} views, {examples} queries of docs/sql.md")
