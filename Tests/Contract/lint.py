"""httplint finds nothing to warn of in the answers that clients see most.

    lint.py PORT
"""

import socket
import sys
import time

from httplint import HttpResponseLinter
from httplint.note import levels

import httplint.status

port = int(sys.argv[1])


def ask(path, method="GET", **headers):
    """The bytes of one answer."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def body_of(head, rest):
    """Chunked bodies put together (RFC 9112 §7.1)."""
    if b"transfer-encoding: chunked" not in head.lower():
        return rest
    body = b""
    while True:
        size, rest = rest.split(b"\r\n", 1)
        if int(size, 16) == 0:
            return body
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]


def notes(answer):
    head, rest = answer.split(b"\r\n\r\n", 1)
    first, *fields = head.split(b"\r\n")
    version, status, phrase = (first.split(b" ", 2) + [b""])[:3]
    linter = HttpResponseLinter(start_time=time.time())
    linter.process_response_topline(version, status, phrase)
    linter.process_headers([tuple(field.split(b": ", 1)) for field in fields])
    linter.feed_content(body_of(head, rest))
    linter.finish_content(True, [])
    # Of an error it says that it is one.
    return [
        note
        for note in linter.notes
        if note.level in (levels.BAD, levels.WARN) and not (status[:1] == b"4" and type(note).__module__ == httplint.status.__name__)
    ]


def etag(path):
    head = ask(path).split(b"\r\n\r\n", 1)[0].decode()
    return next(line.split(": ", 1)[1] for line in head.split("\r\n") if line.lower().startswith("etag:"))


answers = {
    "item": ask("/v1/stakeholders/PRK"),
    "list": ask("/v1/events?limit=3"),
    "list, gzip": ask("/v1/events", Accept_Encoding="gzip"),
    "csv": ask("/v1/events.csv"),
    "ndjson": ask("/v1/events.ndjson"),
    "vocabulary": ask("/v1/vocabularies/country"),
    "document": ask("/openapi.json"),
    "page": ask("/docs"),
    "error 400": ask("/v1/events?typ=visit"),
    "error 404": ask("/v1/events/nothing"),
    "error 405": ask("/v1/events", method="DELETE"),
    "304 of an item": ask("/v1/stakeholders/PRK", If_None_Match=etag("/v1/stakeholders/PRK")),
    "304 of a list": ask("/v1/events?limit=3", If_None_Match=etag("/v1/events?limit=3")),
}
found = [f"{name}: {note.level.value}: {note.summary} ({note.subject})" for name, answer in answers.items() for note in notes(answer)]
if found:
    sys.exit("httplint:\n  " + "\n  ".join(found))
print(f"httplint: {len(answers)} answers")
