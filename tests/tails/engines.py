"""Compares what two engines hold. usage: engines.py POSTGRESQL MYSQL TABLE

POSTGRESQL and MYSQL are folders as db_contents leaves them (tests/support/cases.sh); TABLE is not
compared. Says in one line how many rows are the same, or which differ, and fails.
"""
import collections
import json
import os
import re
import sys

INSTANT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?\+00")
FLAGS = {"t": "1", "f": "0"}


def plain(cell):
    """One form of both engines': instants in microseconds, flags as numbers, JSON by what it says."""
    instant = INSTANT.fullmatch(cell)
    if instant:
        return instant[1] + (instant[2] or ".").ljust(7, "0")
    if cell.startswith("{"):
        return json.dumps(json.loads(cell.replace("\\\\", "\\")), sort_keys=True)
    return FLAGS.get(cell, cell)


def rows(path):
    with open(path, encoding="utf-8") as file:
        next(file)
        return collections.Counter(tuple(map(plain, line.rstrip("\n").split("\t"))) for line in file)


def main(one, other, table):
    wrong, total = [], 0
    names = [name for name in sorted(os.listdir(one)) if name.endswith(".tsv")]
    for name in names:
        title = name[: -len(".tsv")]
        if title == table:
            continue
        left, right = (rows(os.path.join(folder, name)) for folder in (one, other))
        total += sum(left.values())
        if left != right:
            wrong.append(f"{title}: {sum((left - right).values())} and {sum((right - left).values())} rows alone")
    print("; ".join(wrong) or f"{total} rows")
    return 1 if wrong or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
