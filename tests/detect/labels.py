"""Labelled columns against what init proposes for them. README.md says how a label is written.

labels.py sql SCHEMA.cols                 the tables and rows of a schema, as SQL
labels.py list SCHEMA.cols...             every label: its place, class and sort
labels.py judge UNDERSTUDY SCHEMA.cols... the figures; beside each SCHEMA, in the working directory,
                                          stand SCHEMA.yaml, SCHEMA.columns and SCHEMA.edges
"""
import collections
import os
import re
import subprocess
import sys

RECALL_BAR = 0.97
PRECISION_BAR = 0.9
CLASSES = ("yes", "no", "quasi", "either")

# Rules that leave a value near what it was: no way to hide who somebody is.
NEAR = {"shift", "perturb", "bucket", "round", "truncate", "derive", "lookup"}
# Rules that say nothing about persons; permute does where a sort below names it.
QUIET = NEAR | {"keep", "permute", "null", "constant"}
# Words of a reason that says: redacted because nothing was understood.
NOT_UNDERSTOOD = re.compile(r"unknown|no rule knows|not understood", re.IGNORECASE)

# For each sort of identifying value: the rules that are right, in groups, of which the first that
# the program has counts. The rest is what hides it as well and shows that it was recognised.
SORTS = {
    "email": (["email"], []),
    "phone": (["phone"], ["digits"]),
    "first_name": (["first_name"], ["scramble"]),
    "family_name": (["family_name"], ["scramble"]),
    "full_name": (["full_name"], ["template", "scramble"]),
    "street": (["street"], ["scramble", "redact"]),
    "city": (["city"], ["scramble", "redact"]),
    "postcode": (["postcode"], ["scramble", "digits", "redact"]),
    "company": (["company"], ["scramble", "redact"]),
    "national_id": (["national_id", "digits", "scramble"], ["permute", "redact"]),
    "card": (["card"], ["digits", "scramble", "redact"]),
    "iban": (["iban"], ["digits", "scramble", "permute", "redact"]),
    "bank_account": (["iban", "digits"], ["scramble", "permute", "redact"]),
    "vehicle": (["scramble", "redact", "permute", "pattern"], []),
    "device": (["permute", "redact", "scramble", "digits", "secret"], []),
    "ip": (["ip"], ["scramble", "redact"]),
    "mac": (["mac"], ["scramble", "redact"]),
    "url": (["url"], ["scramble", "redact", "pattern"]),
    "username": (["permute", "scramble", "redact", "template", "pattern"], []),
    "secret": (["secret", "redact", "null"], ["permute", "scramble"]),
    "birth_date": (["birth_date"], ["redact"]),
    "free_text": (["text"], ["redact", "scramble"]),
    "geo": (["geo"], ["redact", "scramble"]),
    "json": (["json"], ["redact", "text"]),
    "house": (["scramble", "digits", "permute", "redact"], []),
    # Values of several sorts in one column: hidden with a word to the reader is as good as can be.
    "mixed": (["redact", "text"], []),
    "image": (["redact", "null"], []),
}
# And for columns that point to nobody.
OTHERS = {
    "key": {"permute"},
    "time": {"shift", "keep"},
    "amount": {"perturb", "bucket", "round", "keep"},
    "count": {"keep", "perturb", "bucket"},
    "code": {"keep", "permute", "lookup"},
    "flag": {"keep"},
    "title": {"keep", "redact", "scramble"},
    "list": {"keep", "redact"},
}

Label = collections.namedtuple("Label", "schema table column path type value verdict sort")
Proposal = collections.namedtuple("Proposal", "rule review reason body")


def fail(text):
    sys.exit(f"labels.py: {text}")


def read_labels(path):
    """The labels of a file in its order, and how many rows each table gets."""
    schema = os.path.splitext(os.path.basename(path))[0]
    labels, rows, table = [], {}, None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if line.startswith("table "):
                words = line.split()
                table = words[1].strip('"')
                rows[table] = int(words[2]) if len(words) > 2 else 0
                continue
            parts = re.split(r" \| ", line)
            if len(parts) not in (2, 4) or table is None:
                fail(f"{path}:{number}: a line has two or four parts")
            column, _, json_path = parts[0].partition(" ")
            verdict, _, sort = parts[-1].partition(" ")
            if verdict not in CLASSES or not sort or (verdict == "yes" and sort not in SORTS):
                fail(f"{path}:{number}: '{parts[-1]}' is no label")
            if verdict == "no" and sort not in OTHERS and sort != "ref":
                fail(f"{path}:{number}: '{sort}' is no sort")
            kind, value = parts[1:3] if len(parts) == 4 else ("", "")
            labels.append(Label(schema, table, column, json_path, kind, value, verdict, sort))
    return labels, rows


def print_sql(path):
    labels, rows = read_labels(path)
    for table, count in rows.items():
        columns = [label for label in labels if label.table == table and label.type]
        defined = ",\n  ".join(f'"{label.column}" {label.type}' for label in columns)
        filled = ",\n  ".join(f"({label.value})" for label in columns)
        print(f'CREATE TABLE "{table}" (\n  {defined});')
        print(f'INSERT INTO "{table}" SELECT\n  {filled}\nFROM generate_series(1, {count}) g;')


def name_place(label):
    return ".".join((label.schema, label.table, label.column + (" " + label.path if label.path else "")))


def print_list(paths):
    for path in paths:
        for label in read_labels(path)[0]:
            print(f"{name_place(label)}\t{label.verdict}\t{label.sort}")


def plain(text):
    """A line without what stands in quotes."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)


def read_reasons(text):
    """The comments behind the entries of `columns:`, for each table in their order."""
    reasons, inside = [], False
    for line in text.splitlines():
        if re.match(r"[^ #]", line):
            inside = line.startswith("columns:")
        elif inside and re.match(r"  [^ #]", line):
            reasons.append([])
        elif inside and re.match(r"    [^ #\-}\]]", line):
            found = re.search(r"\s# (.*)$", plain(line))
            reasons[-1].append(found.group(1) if found else "")
    return reasons


def read_proposal(entry, reason):
    if isinstance(entry, str):
        return Proposal(entry, "", reason, {})
    if "rule" in entry:
        return Proposal(entry["rule"], entry.get("review", ""), reason, entry)
    rule = next(iter(entry))
    return Proposal(rule, entry.get("review", ""), reason or str(entry[rule]), entry)


def read_profile(path):
    """What a profile proposes, by (table, column), and the tables of which no row comes."""
    import yaml

    with open(path, encoding="utf-8") as file:
        text = file.read()
    profile = yaml.safe_load(text)
    reasons = read_reasons(text)
    proposals = {}
    tables = profile.get("columns") or {}
    if len(reasons) != len(tables):
        fail(f"{path}: {len(tables)} tables, {len(reasons)} seen in its lines")
    for (table, columns), comments in zip(tables.items(), reasons):
        if len(columns) != len(comments):
            fail(f"{path}: '{table}' has {len(columns)} columns, {len(comments)} seen in its lines")
        for (column, entry), comment in zip(columns.items(), comments):
            proposals[str(table), str(column)] = read_proposal(entry, comment)
    listed = []
    for word in ("empty_tables", "exclude_tables", "exclude"):
        listed += profile.get(word) or (profile.get("sample") or {}).get(word) or []
    return proposals, {item if isinstance(item, str) else item.get("table") for item in listed}


def read_table(path):
    with open(path, encoding="utf-8") as file:
        return [tuple(line.rstrip("\n").split("\t")) for line in file if line.strip()]


def find_proposal(proposals, parents, place):
    """Its own, else that of the column it refers to."""
    seen = set()
    while place not in proposals and place in parents and place not in seen:
        seen.add(place)
        place = parents[place]
    return proposals.get(place)


def path_rule(proposal, path):
    """The rule that covers a path of a document."""
    if proposal.rule != "json":
        return proposal.rule
    covering = [(len(name), rule) for name, rule in (proposal.body.get("paths") or {}).items()
                if path == name or path.startswith((name + ".", name + "["))]
    rule = max(covering, key=lambda item: item[0])[1] if covering else proposal.body.get("otherwise", "redact")
    return read_proposal(rule, "").rule


def is_understood(proposal):
    return not proposal.review and not NOT_UNDERSTOOD.search(proposal.reason)


def judge_identifying(label, proposal):
    """kept, near, safe or recognised."""
    right, also = SORTS[label.sort]
    if label.sort == "mixed" and proposal.rule == "redact":
        return "safe" if NOT_UNDERSTOOD.search(proposal.review + proposal.reason) else "recognised"
    fits = proposal.rule in right or proposal.rule in also
    if proposal.rule == "keep":
        return "kept"
    if proposal.rule in NEAR:
        return "near"
    if proposal.rule == "redact" or (proposal.rule in QUIET and fits):
        return "recognised" if is_understood(proposal) else "safe"
    return "safe" if proposal.rule in QUIET else "recognised"


def is_claim(proposal):
    """It treats the column as one that points to a person."""
    if proposal.rule == "redact":
        return is_understood(proposal)
    return proposal.rule not in QUIET


def is_right(label, proposal, available):
    """Whether the rule is right for the sort; None where the program has no rule for it."""
    if label.verdict == "no":
        return proposal.rule in OTHERS[label.sort] if label.sort in OTHERS else None
    right, also = SORTS[label.sort]
    wanted = [rule for rule in right if rule in available] or [rule for rule in also if rule in available]
    return proposal.rule in wanted if wanted else None

# What is printed by name.
LISTS = (
    ("unknown", "not judged"),
    ("kept", "identifying and kept"),
    ("near", "identifying and left near"),
    ("safe", "identifying, hidden, not understood"),
    ("claimed", "points to nobody, and claimed"),
    ("quasi_kept", "quasi and kept"),
    (("wrong", "yes"), "identifying, another rule is right"),
    ("empty", "of tables that come empty"),
)


class Tally:
    def __init__(self):
        self.counts = collections.Counter()
        self.lines = collections.defaultdict(list)

    def add(self, what, line=None):
        self.counts[what] += 1
        if line:
            self.lines[what].append(line)

    def show(self, what, title):
        if self.lines[what]:
            print(f"{title}:")
            for line in self.lines[what]:
                print(f"  {line}")


def judge_label(tally, label, proposal, available):
    said = f"{name_place(label)} ({label.sort}): {proposal.rule}, {proposal.review or proposal.reason or 'no reason'}"
    if label.path:
        if label.verdict == "yes" and path_rule(proposal, label.path) in NEAR | {"keep"}:
            tally.add("kept", said)
        tally.add("paths")
        return
    tally.add(label.verdict)
    if label.verdict == "yes":
        outcome = judge_identifying(label, proposal)
        tally.add(outcome, said)
        tally.add((label.sort, outcome == "recognised"))
    elif label.verdict == "no" and is_claim(proposal):
        tally.add("claimed", said)
    elif label.verdict == "no" and proposal.rule == "redact":
        tally.add("asked")
    elif label.verdict == "quasi" and proposal.rule == "keep":
        tally.add("quasi_kept", said)
    if label.verdict in ("yes", "no"):
        right = is_right(label, proposal, available)
        if right is not None:
            tally.add(("rule", label.verdict, right))
            if not right:
                tally.add(("wrong", label.verdict), said)


def judge_schema(tally, path, available):
    labels, _ = read_labels(path)
    schema = labels[0].schema
    proposals, empty = read_profile(f"{schema}.yaml")
    columns = set(read_table(f"{schema}.columns"))
    parents = {(row[0], row[1]): (row[2], row[3]) for row in read_table(f"{schema}.edges")}
    for label in labels:
        where = f"{schema}.{label.table}.{label.column}"
        if (label.table, label.column) not in columns:
            tally.add("unknown", f"{where}: the database has no such column")
            continue
        if label.table in empty:
            tally.add("empty", where)
            continue
        proposal = find_proposal(proposals, parents, (label.table, label.column))
        if proposal is None:
            tally.add("unknown", f"{where}: the profile says nothing about it")
            continue
        judge_label(tally, label, proposal, available)


def share(part, whole):
    return part / whole if whole else 0.0


def print_sorts(tally):
    print("recognised by sort: " + ", ".join(
        f"{sort} {tally.counts[sort, True]}/{tally.counts[sort, True] + tally.counts[sort, False]}"
        for sort in SORTS if tally.counts[sort, True] + tally.counts[sort, False]))


def print_figures(tally):
    """Prints the figures; gives the facts that decide: (fact, holds, why not)."""
    count = tally.counts
    hidden = count["safe"] + count["recognised"]
    safe, recognised = share(hidden, count["yes"]), share(count["recognised"], count["yes"])
    precision = share(count["recognised"], count["recognised"] + count["claimed"])
    print(f"labelled: {count['yes']} identifying, {count['no']} not, {count['quasi']} quasi, "
          f"{count['either']} left open, {count['empty']} in tables that come empty, {count['paths']} paths")
    print(f"identifying: {count['recognised']} recognised, {count['safe']} hidden but not understood, "
          f"{count['near']} left near, {count['kept']} kept")
    print_sorts(tally)
    print(f"recall, hidden {safe:.4f}, recognised {recognised:.4f}; precision {precision:.4f} "
          f"({count['claimed']} claimed that point to nobody, {count['asked']} more redacted for want of "
          f"understanding); quasi kept {count['quasi_kept']} of {count['quasi']}")
    for verdict, name in (("yes", "identifying"), ("no", "others")):
        right, wrong = count["rule", verdict, True], count["rule", verdict, False]
        print(f"right rule, {name}: {right} of {right + wrong} ({share(right, right + wrong):.4f})")
    return [
        ("every label names a column that the profile covers", not count["unknown"], f"{count['unknown']} do not"),
        ("400 columns are labelled, 200 of them identifying",
         count["yes"] >= 200 and count["yes"] + count["no"] >= 400, f"{count['yes']} and {count['no']}"),
        ("nothing identifying is proposed as keep", not count["kept"], f"{count['kept']} are"),
        (f"recall of hidden columns is {RECALL_BAR} or more", safe >= RECALL_BAR, f"{safe:.4f}"),
        (f"recall of recognised columns is {RECALL_BAR} or more", recognised >= RECALL_BAR, f"{recognised:.4f}"),
        (f"precision is {PRECISION_BAR} or more", precision >= PRECISION_BAR, f"{precision:.4f}"),
    ]


def judge(program, paths):
    said = subprocess.run([program, "help", "transforms"], check=True, capture_output=True, text=True).stdout
    available = set(re.findall(r"^  ([a-z_]+)", said, re.MULTILINE))
    tally = Tally()
    for path in paths:
        judge_schema(tally, path, available)
    for what, title in LISTS:
        tally.show(what, title)
    for fact, holds, why in print_figures(tally):
        print(f"fact\t{fact}\t{'' if holds else why}")


if len(sys.argv) == 3 and sys.argv[1] == "sql":
    print_sql(sys.argv[2])
elif len(sys.argv) > 2 and sys.argv[1] == "list":
    print_list(sys.argv[2:])
elif len(sys.argv) > 3 and sys.argv[1] == "judge":
    judge(sys.argv[2], sys.argv[3:])
else:
    sys.exit(__doc__)
