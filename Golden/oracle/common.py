"""What the oracles share: how they write their files, and when they were made."""
import json
import pathlib

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "ops"
# Written by hand, so that a second run gives the same bytes.
DATE = "2026-11-23"


def text(value):
    """JSON with sorted keys: an object's member a line, a list of numbers on one line."""
    if isinstance(value, dict):
        members = (f"{json.dumps(key)}: {text(value[key])}" for key in sorted(value))
        return "{\n" + ",\n".join(members) + "\n}"
    if isinstance(value, list) and any(isinstance(element, (dict, list)) for element in value):
        return "[\n" + ",\n".join(map(text, value)) + "\n]"
    return json.dumps(value, allow_nan=False)


def write(name, generator, what, source, versions, cases):
    """Writes Golden/ops/`name`: a head, and `cases`, whose number stands in the head."""
    document = {
        "what": what, "generator": f"Golden/oracle/{generator}", "date": DATE, "source": source, "versions": versions,
        "count": len(cases), "cases": cases,
    }
    (OUTPUT / name).write_text(text(document) + "\n")
    print(name, len(cases), "cases")
