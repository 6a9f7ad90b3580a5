"""Every resource is made, read, changed, found in its list, replaced and deleted with the client that was generated from the document.

    round_trip.py URL FOLDER       FOLDER holds the package `register_client`
"""

import importlib
import json
import re
import sys
import urllib.request

url, folder = sys.argv[1:]
sys.path.insert(0, folder)
client = importlib.import_module("register_client.client").Client(base_url=url)
document = json.load(urllib.request.urlopen(url + "/openapi.json"))


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def model(name):
    return getattr(importlib.import_module(f"register_client.models.{snake(name)}"), name)


def call(operation, *arguments, **named):
    """Asks by operationId, and gives the status and what was parsed."""
    tag = snake(tags[operation].replace(" ", "_"))
    module = importlib.import_module(f"register_client.api.{tag}.{snake(operation)}")
    answer = module.sync_detailed(*arguments, client=client, **named)
    return answer.status_code.value, answer.parsed


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, and {wanted!r} is right")


paths = document["paths"].values()
operations = {o["operationId"]: o for path in paths for o in path.values()}
tags = {name: o["tags"][0] for name, o in operations.items()}
kinds = sorted(name.removeprefix("create") for name in operations if name.startswith("create"))


def example(operation, media_type="application/json"):
    return operations[operation]["requestBody"]["content"][media_type]["example"]


for kind in kinds:
    plural = next(path["get"]["operationId"] for path in paths if path.get("post", {}).get("operationId") == f"create{kind}")
    body = example(f"create{kind}")
    status, made = call(f"create{kind}", body=model(f"{kind}Input").from_dict(body))
    expect(status, 201, f"create{kind}")
    expect(type(made).__name__, kind, f"create{kind}")

    status, read = call(f"get{kind}", made.id)
    expect((status, read.to_dict()), (200, made.to_dict()), f"get{kind}")

    status, page = call(plural, conditions=model(f"{kind}Conditions").from_dict({"id": made.id}))
    expect((status, [item.to_dict() for item in page.items]), (200, [made.to_dict()]), plural)

    if f"update{kind}" in operations:
        change = {"tags": ["round-trip"]}
        status, changed = call(f"update{kind}", made.id, body=model(f"{kind}Patch").from_dict(change), if_match=f'"{made.version}"')
        expect((status, changed.tags, changed.version), (200, ["round-trip"], made.version + 1), f"update{kind}")

        status, _ = call(f"update{kind}", made.id, body=model(f"{kind}Patch").from_dict(change), if_match='"999"')
        expect(status, 412, f"update{kind} of an old version")

        status, replaced = call(f"replace{kind}", made.id, body=model(f"{kind}Input").from_dict({**body, "tags": []}))
        expect((status, replaced.tags, replaced.version), (200, [], changed.version + 1), f"replace{kind}")

        status, history = call(f"get{kind}History", made.id)
        expect((status, [v.version for v in history.items]), (200, [3, 2, 1]), f"get{kind}History")

    status, _ = call(f"delete{kind}", made.id)
    expect(status, 204, f"delete{kind}")
    status, problem = call(f"get{kind}", made.id)
    expect((status, problem.code), (410, "deleted"), f"get{kind} of what was deleted")

print(f"round trip: {len(kinds)} resources")
