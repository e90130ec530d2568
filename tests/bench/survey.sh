#!/bin/sh
# Speed and memory of the survey, on the shop of tests/shop with every column on keep.
# usage: tests/bench/survey.sh
#   SHOP_SCALES="1 4"   scales, ascending; 16 is 39 million rows, 9 GB, and takes minutes to load
#   SURVEY_JOBS="1 2"   workers; every scale with each
#   ROUNDS=3            how often each is timed; medians count
# Seconds a million surveyed rows and core are those of all workers together: wall seconds times
# workers. What a server spends on reading is in them, as the same processors do both. The processor
# time of the program alone, survey and choice, stands beside: it holds on a busy machine too.
set -eu
cd "$(dirname "$0")/../.."
. tests/support/pg.sh
SHOP_SCALES=${SHOP_SCALES:-1 4}
SURVEY_JOBS=${SURVEY_JOBS:-1 2}
ROUNDS=${ROUNDS:-3}
WORK=$(mktemp -d)
pg_on_exit "rm -rf '$WORK'"

pg_start source shared_buffers=512MB max_wal_size=8GB
build/understudy key new "$WORK/key" >/dev/null
UNDERSTUDY_KEY_FILE=$WORK/key UNDERSTUDY_TARGET=postgresql://nobody@127.0.0.1/none
UNDERSTUDY_SOURCE=$(pg_url source shop)
export UNDERSTUDY_KEY_FILE UNDERSTUDY_TARGET UNDERSTUDY_SOURCE

echo "survey of the shop, every column on keep"
for scale in $SHOP_SCALES; do
    pg_psql source -c "DROP DATABASE IF EXISTS shop" -c "CREATE DATABASE shop TEMPLATE template0"
    pg_psql source -d shop -v "S=$scale" -f tests/shop/shop.sql >/dev/null
    for jobs in $SURVEY_JOBS; do
        round=0
        while [ $round -lt "$ROUNDS" ]; do
            times >"$WORK/$scale-$jobs-$round.before"
            build/understudy plan -p tests/tails/keep.yaml --format json --progress none --jobs "$jobs" \
                >"$WORK/$scale-$jobs-$round.json" 2>"$WORK/stderr" || { cat "$WORK/stderr" >&2; exit 1; }
            times >"$WORK/$scale-$jobs-$round.after"
            round=$((round + 1))
        done
    done
done
SHOP_SCALES=$SHOP_SCALES SURVEY_JOBS=$SURVEY_JOBS ROUNDS=$ROUNDS python3 - "$WORK" <<'PYTHON'
import json
import os
import statistics
import sys

words = {name: os.environ[name].split() for name in ("SHOP_SCALES", "SURVEY_JOBS")}
rounds = range(int(os.environ["ROUNDS"]))
peaks = {}


def processor(path):
    """Seconds of the shell's children, of user and system, as `times` prints them in its second line."""
    with open(path, encoding="utf-8") as file:
        parts = file.read().splitlines()[1].split()
    return sum(60 * float(minutes) + float(rest) for minutes, rest in (part.rstrip("s").split("m") for part in parts))


for scale in words["SHOP_SCALES"]:
    for jobs in words["SURVEY_JOBS"]:
        reports = []
        for each in rounds:
            with open(f"{sys.argv[1]}/{scale}-{jobs}-{each}.json", encoding="utf-8") as file:
                reports.append(json.load(file))
        phases = [{phase["phase"]: phase for phase in report["phases"]} for report in reports]
        if "survey" not in phases[0]:
            sys.exit(f"no phase 'survey' in the plan at scale {scale}")
        seconds = statistics.median(part["survey"]["seconds"] for part in phases)
        choose = statistics.median(part["choose"]["seconds"] for part in phases)
        # Tables that come in full are not surveyed.
        rows = sum(
            table["source_rows"] for table in reports[0]["tables"] if table["chosen"]["full_table"] < table["source_rows"]
        )
        peak = max(report["peak_memory_bytes"] for report in reports) / 2**20
        peaks[scale, jobs] = peak
        names = [f"{sys.argv[1]}/{scale}-{jobs}-{each}" for each in rounds]
        busy = statistics.median(processor(f"{name}.after") - processor(f"{name}.before") for name in names)
        each = seconds * int(jobs) / (rows / 1e6)
        print(
            f"  scale {scale:>3} -j{jobs}  {rows / 1e6:6.2f} million rows in {seconds:6.2f} s   "
            f"{each:.2f} s a million and core (goal 1.00)   choosing {choose:.2f} s   "
            f"the program's own {busy / (rows / 1e6):.2f} s a million   peak {peak:.0f} MiB (goal 256)"
        )
scales = words["SHOP_SCALES"]
for jobs in words["SURVEY_JOBS"]:
    for less, more in zip(scales, scales[1:]):
        growth = peaks[more, jobs] / peaks[less, jobs]
        print(f"  -j{jobs}: {float(more) / float(less):.0f} times the rows, {growth:.2f} times the memory")
PYTHON
