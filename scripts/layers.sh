#!/bin/sh
# usage: layers.sh
# Fails, naming file and include, where a folder of src/ includes what does not stand above it in
# src/README.md. Files directly in src/ may include all folders but cli; cli/ only <understudy/...>
# and headers of its own.
set -eu

order="base linkage config catalog value db graph transform detect bind survey choose run stage archive verify report"

# folder:line of every include of a header that is ours, as FILE LINE TEXT
find src -name '*.[ch]' | LC_ALL=C sort | xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' /dev/null |
awk -F: -v order="$order" '
    BEGIN {
        count = split(order, names, " ")
        for (i = 1; i <= count; i++)
            rank[names[i]] = i
    }
    function complain(reason) {
        printf "%s:%s: \"%s\": %s\n", $1, $2, header, reason
        failed = 1
    }
    {
        parts = split($1, path, "/")
        folder = parts > 2 ? path[2] : ""
        header = $0
        sub(/^[^"<]*["<]/, "", header)
        is_own = $0 ~ /include[[:space:]]*"/
        sub(/[">].*$/, "", header)
        if (!is_own) {
            # cli and the files in src/ stand on the public header; nothing below knows it
            if (header ~ /^understudy\// && folder != "" && folder != "cli")
                complain("a folder below the public functions may not know them")
            next
        }
        if (header !~ /\// && folder == "")
            next
        if (header !~ /\//) {
            complain("write the folder before the name")
            next
        }
        target = header
        sub(/\/.*$/, "", target)
        if (folder == "cli") {
            if (target != "cli" && target != "understudy")
                complain("cli/ may include only <understudy/...> and headers of its own")
            next
        }
        if (target == "understudy" && folder == "")
            next
        if (!(target in rank)) {
            complain(target == "cli" ? "cli/ stands below everything" : "no such folder in the order")
            next
        }
        if (folder == "" || folder == target)
            next
        if (!(folder in rank))
            complain("'\''" folder "'\'' is not in the order")
        else if (rank[target] > rank[folder])
            complain("'\''" target "'\'' stands below '\''" folder "'\''")
    }
    END { exit failed }'
