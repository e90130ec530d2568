"""What tests ask of a run report.

report.py contains EXPECTED REPORT   every part of EXPECTED is in REPORT; else says what is not
report.py bless REPORT               the parts of a report that data, profile and key decide
report.py valid SCHEMA REPORT        the report fits the JSON Schema
report.py linkage REPORT             it tells how far people are found again, and that the attacks work
"""
import json
import sys


def missing(expected, actual, path):
    """What of expected is not in actual; lists are sets of items."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{path}: an object is expected"]
        found = []
        for key, value in expected.items():
            if key not in actual:
                found.append(f"{path}.{key}: is missing")
            else:
                found += missing(value, actual[key], f"{path}.{key}")
        return found
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return [f"{path}: a list is expected"]
        return [
            f"{path}: no item holds {json.dumps(item)}"
            for item in expected
            if not any(not missing(item, other, path) for other in actual)
        ]
    if expected != actual:
        return [f"{path}: {json.dumps(actual)}, expected {json.dumps(expected)}"]
    return []


def bless_privacy(privacy):
    """Shares that hang on the last digits of a machine's logarithms are left out."""
    linkage = privacy["linkage"]
    kept = {
        key: linkage[key]
        for key in ("measured", "subjects", "candidates", "events", "columns", "mask", "not_attacked", "is_sample",
                    "is_out_of_time")
    }
    kept["attacks"] = [
        {"attack": item["attack"], "known": item["known"], "targets": item["targets"], "control": item["control"]}
        for item in linkage["attacks"]
    ]
    return dict(
        max_reidentified=privacy["max_reidentified"],
        order=privacy["order"],
        linkage=kept,
        quasi_identifiers=privacy["quasi_identifiers"],
        fingerprints=privacy["fingerprints"],
    )


def bless_tails(tails):
    """Counts, and what has no witness: the rows of the others show that they came."""
    kept = {key: tails[key] for key in ("strata", "rare", "covered", "masked_away", "budget", "not_surveyed")}
    kept["list"] = [
        {key: item[key] for key in ("table", "kind", "columns", "describe", "source_rows", "outcome", "masked_by")}
        for item in tails["list"]
        if item["outcome"] not in ("covered", "partly")
    ]
    return kept


def bless(report):
    def pick(item, *keys):
        return {key: item[key] for key in keys if key in item}

    kept = {"command": report["command"], "exit": report["exit"], "rows": {"kept": report["rows"]["kept"]}}
    kept["tables"] = [
        dict(pick(table, "table", "rows"), chosen=table["chosen"]) for table in report["tables"]
    ]
    kept["edges"] = [
        dict(pick(edge, "edge", "kind", "follow", "cut", "nulled"),
             orphans={"kept": edge["orphans"]["kept"]},
             **({"order": edge["order"]} if edge.get("order") else {}))
        for edge in report["edges"]
    ]
    kept["pins"] = [pick(pin, "table", "why", "source_rows", "kept") for pin in report["pins"]]
    kept["checks"] = [pick(check, "check", "ok") for check in report["checks"]]
    kept["skipped"] = [pick(item, "object", "why") for item in report["skipped"]]
    if report["privacy"].get("linkage", {}).get("measured"):
        kept["privacy"] = bless_privacy(report["privacy"])
    if report["tails"]["surveyed"]:
        kept["tails"] = bless_tails(report["tails"])
    return kept


def linkage_gaps(report):
    """What the report does not say of linkage."""
    linkage = report["privacy"].get("linkage") or {}
    found = [] if linkage.get("measured") and linkage["subjects"] > 1 else ["no linkage was measured"]
    attacks = [item for item in linkage.get("attacks", []) if item["attack"] == "bayes" and item["known"] == 4]
    if not attacks:
        found.append("no Bayes attack at 4 known times")
    for item in attacks:
        for key in ("found", "top_ten", "median_rank"):
            if item["targets"] < 1 or item[key] is None:
                found.append(f"{key} is missing")
        control = item["control"]["found"]
        if control < 0.99:
            found.append(f"the control without a mask finds {control}")
    return found


def show(value):
    """One line for each item of a list: a difference then reads well."""
    lines = []
    for key, part in value.items():
        if isinstance(part, list) and part:
            items = ",\n".join("    " + json.dumps(item, ensure_ascii=False) for item in part)
            lines.append(f"  {json.dumps(key)}: [\n{items}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(part)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "contains":
        found = missing(read(arguments[1]), read(arguments[2]), "report")
        print("\n".join(found))
        return 1 if found else 0
    if len(arguments) == 2 and arguments[0] == "bless":
        print(show(bless(read(arguments[1]))))
        return 0
    if len(arguments) == 2 and arguments[0] == "linkage":
        found = linkage_gaps(read(arguments[1]))
        print("; ".join(found))
        return 1 if found else 0
    if len(arguments) == 3 and arguments[0] == "valid":
        import jsonschema

        schema = read(arguments[1])
        validator = jsonschema.validators.validator_for(schema)(schema)
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(read(arguments[2]))]
        print("\n".join(errors))
        return 1 if errors else 0
    print(__doc__, file=sys.stderr)
    return 2


sys.exit(main(sys.argv[1:]))
