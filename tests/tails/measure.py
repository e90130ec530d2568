"""What the tests of the long tail ask of reports, plans and counts.

measure.py coverage REPORT [LEAST]     the coverage of rare strata; with LEAST: fails below it
measure.py figures REPORT              rows and seconds
measure.py threshold REPORT TABLE      the share of whole rows of a start table, as the report states it
measure.py ks COUNTS COUNTS            1 - the Kolmogorov-Smirnov distance of two distributions, each a
                                       file of lines: value, how often
measure.py same-tails REPORT REPORT    strata and coverage of both are the same
measure.py same-strata REPORT REPORT   of two engines: every stratum, its outcome and its rows are
measure.py same-rules PLAN PLAN        of two engines: the rules of all columns are
measure.py full PLAN TABLE             the table comes in full
measure.py outcomes PLAN TEXT ROWS     for each plant of shop.manifest what becomes of it, and by what
measure.py names REPORT WORD           a gap of the survey names WORD
measure.py plants PLAN TEXT ROWS HELP FOUND    for each plant of shop.manifest what the plan says of it,
                                       and whether the selection agrees. PLAN: JSON, TEXT: the same as
                                       text, ROWS: lines of plant and number in production, HELP: lines of
                                       rule and what it keeps, FOUND: lines of plant and rows chosen
"""
import json
import sys

# plant: table, detectors that may say it, columns, properties of the values that it shows by, and the
# column whose relation the shop does not declare. Without properties: keys, which every rule leaves.
PLANTS = {
    "dup_email_47": ("customers", "shared_value", "email", "equality", None),
    "pm_gt5": ("customers", "fan_out", "payment_methods.customer_id", "", None),
    "cart_847d": ("cart_items", "difference", "added_at updated_at", "order", None),
    "deleted_and_active": ("customers", "rare_combination null_pattern", "deleted_at is_active", "NULL", None),
    "orphan_order": ("orders", "orphan", "orders.customer_id", "", "orders.customer_id"),
    "orphan_event": ("events", "orphan", "events.subject_id", "", "events.subject_id"),
    "unknown_subject_type": ("events", "rare_value orphan", "subject_type", "equality", None),
    "enum_order_legacy": ("orders", "rare_value", "status", "equality", None),
    "enum_payment_cb": ("payments", "rare_value", "status", "equality", None),
    "currency_xxx": ("orders", "rare_value", "currency", "equality", None),
    "email_ws_case": ("customers", "text_form", "email", "shape script", None),
    "long_text": ("products", "text_form length extreme", "description", "length", None),
    "empty_vs_null": ("customers", "text_form length", "phone", "length", None),
    "pre_migration": ("customers", "era null_pattern extreme", "created_at locale", "NULL order", None),
    "total_negative": ("orders", "extreme magnitude", "total", "sign", None),
    "total_zero": ("orders", "extreme magnitude", "total", "sign", None),
    "created_2038": ("orders", "extreme calendar", "created_at", "order", None),
    "delivered_before_shipped": ("orders", "difference", "delivered_at shipped_at", "order", None),
    "qty_intmax": ("order_items", "extreme magnitude", "qty", "magnitude", None),
    "birth_1900": ("customers", "extreme calendar", "birth_date", "calendar", None),
    "rare_pair": ("customers", "rare_combination", "status tier", "equality", None),
    "whale_customer": ("customers", "fan_out", "orders.customer_id", "", "orders.customer_id"),
    "order_300_lines": ("orders", "fan_out", "order_items.order_id", "", None),
    "order_0_lines": ("orders", "fan_out", "order_items.order_id", "", None),
    "payment_retries": ("orders", "fan_out", "payments.order_id", "", None),
    "deep_category": ("categories", "graph", "categories.parent_id", "", None),
    "manager_cycle": ("employees", "graph", "employees.manager_id", "", None),
    "self_manager": ("employees", "graph", "employees.manager_id", "", None),
    "diamond_mismatch": ("orders", "graph diamond", "orders.customer_id", "", "orders.customer_id"),
    "null_pattern": ("addresses", "null_pattern", "line1 city zip", "NULL", None),
}
# What a sentence about it must name, since each is one row of one column.
NAMED = ("right to left", "emoji", "combining", "heaps", "Chinese", "without width", "quote", "accents")
PLANTS.update({f"unicode_{k}": ("customers", "text_form", "name", "script", None) for k in range(1, 9)})


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip()]


def coverage(report, least=None):
    tails = report["tails"]
    print(
        f"{tails['covered']} of {tails['rare']} rare strata of {tails['strata']}, "
        f"{tails['masked_away']} masked away: {tails['coverage']:.4f}"
    )
    if least is None:
        return True
    return tails["rare"] > 0 and tails["coverage"] >= float(least)


def figures(report):
    print(f"{report['rows']['kept']} rows in {report['seconds']:.1f} s")
    return True


def threshold(report, table):
    for item in report["tables"]:
        if item["table"] in (table, f"shop.{table}", f"public.{table}"):
            print(repr(item["threshold"]))
            return True
    return False


def distribution(path):
    counts = {int(value): int(times) for value, times in lines(path)}
    total = sum(counts.values())
    return {value: times / total for value, times in counts.items()}


def ks(one, other):
    one, other = distribution(one), distribution(other)
    greatest = sum_one = sum_other = 0.0
    for value in sorted(set(one) | set(other)):
        sum_one += one.get(value, 0)
        sum_other += other.get(value, 0)
        greatest = max(greatest, abs(sum_one - sum_other))
    print(f"{1 - greatest:.4f}")
    return True


def same_tails(one, other):
    keys = ("strata", "rare", "covered", "masked_away", "coverage")
    pairs = [(key, one["tails"][key], other["tails"][key]) for key in keys]
    pairs.append(
        ("list",)
        + tuple(
            sorted(
                (item["table"], item["kind"], tuple(item["columns"]), item["describe"], item["source_rows"], item["outcome"])
                for item in report["tails"]["list"]
            )
            for report in (one, other)
        )
    )
    differ = [key for key, a, b in pairs if a != b]
    print("differ: " + ", ".join(differ) if differ else "")
    return not differ and one["tails"]["rare"] > 0


def unequal(one, other):
    """What is in one alone, in few words."""
    alone = [f"{side} {item}" for side, items in (("first:", one - other), ("second:", other - one)) for item in sorted(items)]
    print(f"{len(alone)} differ; " + "; ".join(alone[:4]) if alone else f"{len(one)} are the same")
    return not alone and len(one) > 0


def apart_from_schema(name):
    return name.replace("shop.", "").replace("public.", "")


def same_strata(one, other):
    sets = []
    for report in (one, other):
        strata = {
            tuple(
                apart_from_schema(str(item[key]))
                for key in ("table", "kind", "columns", "edge", "describe", "source_rows", "kept", "outcome", "masked_by")
            )
            for item in report["tails"]["list"]
        }
        counts = {(key, str(report["tails"][key])) for key in ("strata", "rare", "covered", "masked_away", "coverage")}
        sets.append(strata | counts)
    return unequal(*sets)


def same_rules(one, other):
    return unequal(*({(apart_from_schema(item["column"]), item["rule"]) for item in plan["columns"]} for plan in (one, other)))


def full(plan, table):
    return any(
        bare(item["table"]) == table and item["rows"] == item["source_rows"] == item["chosen"]["full_table"]
        for item in plan["tables"]
    )


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def names(report, word):
    apart = {key: value for key, value in report["tails"].items() if key != "list"}
    return any(word in text for text in strings(apart))


def bare(name):
    return name.split(".", 1)[1] if name.count(".") else name


def matches(plan, plant, rows):
    """The strata of the plan that may be this plant's; those with its very number of rows, if there are."""
    table, kinds, where, _, _ = PLANTS[plant]
    found = []
    for item in plan["tails"]["list"]:
        if not any(item["kind"].startswith(kind) for kind in kinds.split()):
            continue
        if "." in where:
            child, column = where.split(".")
            text = " ".join(strings(item))
            if bare(item["table"]) not in (table, child) or child not in text or column not in text:
                continue
        elif bare(item["table"]) != table or not set(item["columns"]) & set(where.split()):
            continue
        if plant.startswith("unicode_") and NAMED[int(plant[-1]) - 1] not in item["describe"]:
            continue
        found.append(item)
    whole = [item for item in found if set(where.split()) <= set(item["columns"])] or found
    return [item for item in whole if item["source_rows"] == rows] or whole


def said_of(plan, text, plant, rows):
    """covered, masked away, needs a relation, or lost, and by what."""
    table, _, where, _, undeclared = PLANTS[plant]
    edges = " ".join(edge["edge"] for edge in plan["edges"])
    if undeclared:
        child, column = undeclared.split(".")
        if f"{child}({column})" not in edges:
            is_said = any(
                undeclared in line and ("looks like a reference" in line or "refers to" in line)
                for line in text.splitlines()
            )
            return ("relation", undeclared) if is_said else ("lost", f"nothing is said of {undeclared}")
    if full(plan, table):
        return "covered", "comes in full"
    found = matches(plan, plant, rows)
    for item in found:
        if item["outcome"] in ("covered", "partly"):
            return "covered", item["describe"]
    rules = {bare(item["column"]): item["rule"] for item in plan["columns"]}
    for item in found:
        if item["outcome"] == "masked_away":
            mine = {rules.get(f"{table}.{column}") for column in item["columns"]}
            others = [text for key in ("masked", "masked_by", "rule") for text in strings(item.get(key))]
            named = [rule for rule in mine if rule and any(rule in text.split() for text in others)]
            return ("masked", named[0]) if named else ("lost", "masked away, and no rule is named")
    return "lost", found[0]["outcome"] if found else "no stratum"


def expected_of(plan, plant, keeps):
    """What follows from the rules alone: masked away by which, or to be covered."""
    table, _, where, needs, _ = PLANTS[plant]
    rules = {bare(item["column"]): item["rule"] for item in plan["columns"]}
    if "." in where:
        return "covered", None
    for column in where.split():
        rule = rules.get(f"{table}.{column}")
        # Of several properties one is enough: each may belong to a column of its own.
        if rule and not any(need in keeps[rule] for need in needs.split()):
            return "masked", rule
    return "covered", None


WORDS = {"covered": "covered", "masked": "masked away by", "relation": "needs the relation", "lost": "LOST"}


def plan_text(path):
    with open(path, encoding="utf-8") as file:
        return " ".join(file.read().split()).replace("review: ", "\nreview: ").replace("relations: shop", "\nrelations: shop")


def outcomes(plan, text, rows):
    text = plan_text(text)
    for plant, number in lines(rows):
        said, detail = said_of(plan, text, plant, int(number))
        print(f"{plant}\t{WORDS[said]}" + ("" if said == "covered" else f" {detail}"))
    return True


def plants(plan, text, rows, help_lines, found):
    text = plan_text(text)
    keeps = {rule: set(words.replace(",", " ").split()) for rule, words in lines(help_lines)}
    rows = {plant: int(number) for plant, number in lines(rows)}
    found = {plant: int(number) for plant, number in lines(found)}
    wrong, counts = [], {"covered": 0, "masked": 0, "relation": 0, "lost": 0}
    for plant, number in rows.items():
        said, detail = said_of(plan, text, plant, number)
        counts[said] += 1
        print(f"        {plant:<25} {WORDS[said]} ({detail}), {found.get(plant, 0)} of {number} chosen")
        wanted, rule = expected_of(plan, plant, keeps)
        if said == "lost":
            wrong.append(f"{plant}: {detail}")
        elif said == "covered" and found.get(plant, 0) == 0:
            wrong.append(f"{plant}: covered, and no row of it is chosen")
        elif said in ("covered", "masked") and (said, detail if said == "masked" else None) != (wanted, rule):
            wrong.append(f"{plant}: {said}, by the rules {wanted} ({rule})")
    print(f"        {counts['covered']} covered, {counts['masked']} masked away, {counts['relation']} need a relation")
    print("; ".join(wrong))
    return not wrong and len(rows) == len(PLANTS)


def main(arguments):
    commands = {
        "coverage": lambda report, least=None: coverage(read(report), least),
        "figures": lambda report: figures(read(report)),
        "threshold": lambda report, table: threshold(read(report), table),
        "ks": ks,
        "same-tails": lambda one, other: same_tails(read(one), read(other)),
        "same-strata": lambda one, other: same_strata(read(one), read(other)),
        "same-rules": lambda one, other: same_rules(read(one), read(other)),
        "full": lambda plan, table: full(read(plan), table),
        "outcomes": lambda plan, *others: outcomes(read(plan), *others),
        "names": lambda report, word: names(read(report), word),
        "plants": lambda plan, *others: plants(read(plan), *others),
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return 0 if commands[arguments[0]](*arguments[1:]) else 1


sys.exit(main(sys.argv[1:]))
