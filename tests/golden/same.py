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


def table_read(path):
    """Names of columns and rows of cells. No names: one of them holds the end of a line."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    is_whole = all(len(cells) == len(lines[0]) for cells in lines)
    return (lines[0], lines[1:]) if is_whole else ([], lines)


def values(names, lines, columns):
    places = [names.index(column) for column in columns]
    return sorted(tuple(value(cell) for cell in ([cells[place] for place in places] or cells)) for cells in lines)


def difference(table, columns, expected, actual):
    path = expected / f"{table}.tsv"
    if not path.exists():
        path = next(expected.glob(f"*.{table}.tsv"))
    names, lines = table_read(path)
    columns = columns or names
    theirs = values(names, lines, columns)
    ours = values(*table_read(actual / f"{table}.tsv"), columns)
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
