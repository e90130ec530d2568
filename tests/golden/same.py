"""usage: same.py LIST EXPECTED ACTUAL: do two servers fill these tables alike?

LIST names a table a line, perhaps with the columns that count (none: all of EXPECTED's); -: every table
of EXPECTED, and there is no other. EXPECTED holds rows as TABLE.tsv or, of PostgreSQL, SCHEMA.TABLE.tsv,
ACTUAL those of MySQL. A value counts, not how a server writes it: booleans, UUIDs, times at UTC, numbers,
documents.
"""
import json
import pathlib
import re
import sys

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\\\x[0-9a-f]{32}")
TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?(\+00)?")


def value(cell):
    """The cell in a form that both engines have."""
    if cell == "t" or cell == "f":
        return "1" if cell == "t" else "0"
    if UUID.fullmatch(cell):
        return cell.replace("\\\\x", "").replace("-", "")
    time = TIME.fullmatch(cell)
    if time:
        return time.group(1) + (time.group(2) or "").rstrip("0").rstrip(".")
    if re.fullmatch(r"-?\d+\.\d+(e[-+]?\d+)?", cell):
        return repr(float(cell))
    if cell[:1] in ("{", "["):
        try:
            return json.dumps(json.loads(cell.replace("\\\\", "\\")), sort_keys=True)
        except ValueError:
            return cell
    return cell


def rows(path, columns):
    lines = path.read_text(encoding="utf-8").split("\n")
    names = lines[0].split("\t")
    places = [names.index(name) for name in columns or names]
    table = []
    for line in lines[1:-1]:
        cells = line.split("\t")
        table.append(tuple(value(cells[place]) for place in places))
    return columns or names, sorted(table)


def difference(table, columns, expected, actual):
    path = expected / f"{table}.tsv"
    if not path.exists():
        path = next(expected.glob(f"*.{table}.tsv"))
    columns, theirs = rows(path, columns)
    ours = rows(actual / f"{table}.tsv", columns)[1]
    if theirs == ours:
        return None
    if len(theirs) != len(ours):
        return f"{table}: {len(ours)} rows, {len(theirs)} there"
    places = [name for place, name in enumerate(columns) if any(a[place] != b[place] for a, b in zip(theirs, ours))]
    there, here = next((a, b) for a, b in zip(theirs, ours) if a != b)
    return f"{table}: columns {', '.join(places)}\n  there {there}\n  here  {here}"


def main(arguments):
    expected, actual = (pathlib.Path(argument) for argument in arguments[1:])
    found = []
    if arguments[0] == "-":
        listed = [[path.name[:-4]] for path in sorted(expected.glob("*.tsv"))]
        if [path.name for path in sorted(actual.glob("*.tsv"))] != [f"{names[0]}.tsv" for names in listed]:
            found.append("there are other tables")
    else:
        listed = [line.split() for line in pathlib.Path(arguments[0]).read_text(encoding="utf-8").splitlines()]
    for table, *columns in listed if not found else ():
        found.append(difference(table, columns, expected, actual))
    found = [item for item in found if item]
    print("\n".join(found))
    return 1 if found else 0


sys.exit(main(sys.argv[1:]))
