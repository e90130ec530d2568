#!/usr/bin/env python3
"""The shop database for MySQL and MariaDB, row for row. usage: mysql.py DIRECTORY <CATALOG

CATALOG is what catalog.sql gives. Writes into DIRECTORY: export.sql (for psql: every table's rows into
TABLE.tsv), schema.sql (tables), load.sql (LOAD DATA of those rows), keys.sql (indexes, foreign keys,
the manifest's queries in MySQL's words). A column that either type cannot hold is an error.

Instants become datetime(6) in UTC (timestamp ends in 2038, the shop does not), uuid char(36). Texts take
the database's collation: one that is binary and pads nothing, so that equal here is equal there.
"""
import json
import os
import re
import sys

VARCHAR = 255


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def listed(names):
    return ", ".join(quoted(name) for name in names)


def literal(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def column_type(column):
    kind = column["type"]
    simple = {"integer": "int", "bigint": "bigint", "boolean": "tinyint(1)", "date": "date", "jsonb": "json",
              "timestamp with time zone": "datetime(6)",
              "uuid": "char(36) CHARACTER SET ascii COLLATE ascii_bin"}
    if kind in simple:
        return simple[kind]
    if kind == "text":
        return f"varchar({VARCHAR})" if (column["longest"] or 0) <= VARCHAR else "mediumtext"
    if re.fullmatch(r"character\(\d+\)", kind):
        return kind.replace("character", "char")
    if re.fullmatch(r"numeric\(\d+,\d+\)", kind):
        return kind.replace("numeric", "decimal")
    sys.exit(f"mysql.py: no type of MySQL is known for '{kind}' of '{column['name']}'")


def exported(column):
    name = '"' + column["name"].replace('"', '""') + '"'
    if column["type"] == "boolean":
        return f"{name}::int"
    if column["type"] == "timestamp with time zone":
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return name


def query(text):
    """A query of the manifest. What is not translated here does not run there, which is seen."""
    span = r"(\w+)-(\w+)>interval '(\d+) days'"
    text = re.sub(span, lambda m: f"timestampdiff(microsecond,{m[2]},{m[1]})>{m[3]}*86400000000", text)
    text = re.sub(r"([\w.]+)::text", r"cast(\1 as char)", text)
    text = re.sub(r"\w+(\|\|('[^']*'|\w+))+", lambda m: "concat(" + m[0].replace("'|'", "'\0'").replace(
        "||", ",").replace("\0", "|") + ")", text)
    text = re.sub(r"\blength\(", "char_length(", text)
    return text.replace(" ~ ", " regexp ")


def write(directory, name, lines):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))


def schema(table):
    lines = [f"  {quoted(column['name'])} {column_type(column)}{' NOT NULL' if column['is_not_null'] else ''}"
             for column in table["columns"]]
    if table["primary"]:
        lines.append(f"  PRIMARY KEY ({listed(table['primary'])})")
    return f"CREATE TABLE {quoted(table['name'])} (\n" + ",\n".join(lines) + "\n) ENGINE=InnoDB;"


def export(table, directory):
    path = os.path.join(os.path.abspath(directory), table["name"] + ".tsv")
    columns = ", ".join(exported(column) for column in table["columns"])
    order = " ORDER BY " + ", ".join(f'"{name}"' for name in table["primary"]) if table["primary"] else ""
    return f"""\\copy (SELECT {columns} FROM shop."{table['name']}"{order}) TO '{path}'"""


def load(table, directory):
    path = os.path.join(os.path.abspath(directory), table["name"] + ".tsv")
    return (f"LOAD DATA LOCAL INFILE {literal(path)} INTO TABLE {quoted(table['name'])} CHARACTER SET utf8mb4 "
            f"({listed(column['name'] for column in table['columns'])});")


def keys(table):
    added = [f"ADD KEY {quoted(name)} ({listed(columns)})" for name, columns in (table["indexes"] or {}).items()]
    added += [f"ADD CONSTRAINT {quoted(foreign['name'])} FOREIGN KEY ({listed(foreign['columns'])}) "
              f"REFERENCES {quoted(foreign['parent'])} ({listed(foreign['parent_columns'])})"
              for foreign in table["foreign"] or []]
    return [f"ALTER TABLE {quoted(table['name'])}\n  " + ",\n  ".join(added) + ";"] if added else []


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    directory = sys.argv[1]
    catalog = json.load(sys.stdin)
    tables = catalog["tables"]
    write(directory, "schema.sql", [schema(table) for table in tables])
    write(directory, "export.sql", [export(table, directory) for table in tables])
    write(directory, "load.sql", ["SET unique_checks = 0;"] + [load(table, directory) for table in tables])
    write(directory, "keys.sql",
          ["SET foreign_key_checks = 0;"] + [line for table in tables for line in keys(table)]
          + [f"UPDATE manifest SET q = {literal(query(text))} WHERE plant = {literal(plant)};"
             for plant, text in sorted(catalog["queries"].items())])


if __name__ == "__main__":
    main()
