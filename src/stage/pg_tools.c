/* Looks for pg_dump and pg_restore and takes the pair that fits. */
#include "stage/pg_tools.h"

#include "stage/child.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEWEST_MAJOR         40
#define MAJOR_OF_NEW_SETTING 17

/* The first release of each major version with the fixes; newer majors were born with them. */
static const struct {
    int major, minor;
} fixed[] = {{13, 22}, {14, 19}, {15, 14}, {16, 10}, {17, 6}};

/* Where distributions keep the programs of one major version. */
static const char *const places[] = {"/usr/lib/postgresql/%d/bin", "/usr/pgsql-%d/bin",
                                     "/usr/local/pgsql-%d/bin",
                                     "/opt/homebrew/opt/postgresql@%d/bin"};

struct finding {
    struct arena *arena;
    int source_major, target_major;
    struct pg_tools best;       /* dump NULL: none yet */
    int seen_major, seen_minor; /* one that did not fit, for the message */
};

bool pg_tools_parse_version(const char *text, int *major, int *minor)
{
    static const char words[] = "(PostgreSQL) ";
    const char *number = strstr(text, words);
    char *end;

    if (!number)
        return false;
    long first = strtol(number + strlen(words), &end, 10);
    if (first < 1 || first > 1000)
        return false;
    *major = (int)first;
    *minor = -1;
    if (*end == '.') {
        long second = strtol(end + 1, NULL, 10);

        *minor = second >= 0 && second < 10000 ? (int)second : -1;
    }
    return true;
}

bool pg_tools_is_fixed(int major, int minor)
{
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        if (fixed[i].major == major)
            return minor >= fixed[i].minor;
    }
    return major > fixed[COUNT_OF(fixed) - 1].major;
}

bool pg_tools_can_restore(int major, int target_major)
{
    return major <= target_major || major < MAJOR_OF_NEW_SETTING ||
           target_major >= MAJOR_OF_NEW_SETTING;
}

static bool version_of(const char *program, int *major, int *minor)
{
    const char *argv[] = {program, "--version", NULL};
    struct error ignored = {0};
    struct buf text;
    int code = -1;

    buf_init(&text, 4096);
    struct child child = {.program = program, .argv = argv, .output = -1, .text = &text};
    bool is_known = child_run(&child, &code, &ignored) && code == 0 &&
                    pg_tools_parse_version(buf_text(&text), major, minor);
    buf_release(&text);
    return is_known;
}

/* Debian's /usr/bin/pg_dump is a wrapper that picks a version by itself, another one each time
 * perhaps: the programs behind it are found anyway. */
static bool is_wrapper(const char *program)
{
    char resolved[PATH_MAX];

    if (!realpath(program, resolved))
        return true;
    const char *name = strrchr(resolved, '/');
    return name && strcmp(name, "/pg_wrapper") == 0;
}

static bool is_better(const struct finding *finding, int major, int minor)
{
    const struct pg_tools *best = &finding->best;

    return !best->dump || major < best->major || (major == best->major && minor > best->minor);
}

static bool consider(struct finding *finding, const char *directory)
{
    const char *dump = arena_printf(finding->arena, "%s/pg_dump", directory);
    const char *restore = arena_printf(finding->arena, "%s/pg_restore", directory);
    int major, minor, other_major, other_minor;

    if (!dump || !restore)
        return false;
    if (directory[0] != '/' || access(dump, X_OK) != 0 || access(restore, X_OK) != 0 ||
        is_wrapper(dump))
        return true;
    if (!version_of(dump, &major, &minor) || !version_of(restore, &other_major, &other_minor) ||
        major != other_major || minor != other_minor)
        return true;
    if (major < finding->source_major || !pg_tools_is_fixed(major, minor) ||
        !pg_tools_can_restore(major, finding->target_major)) {
        finding->seen_major = major;
        finding->seen_minor = minor;
        return true;
    }
    if (is_better(finding, major, minor))
        finding->best = (struct pg_tools){dump, restore, major, minor};
    return true;
}

static bool consider_path(struct finding *finding)
{
    const char *path = getenv("PATH");
    char *copy = arena_strdup(finding->arena, path ? path : "/usr/bin");
    char *rest = NULL;

    if (!copy)
        return false;
    for (char *part = strtok_r(copy, ":", &rest); part; part = strtok_r(NULL, ":", &rest)) {
        if (!consider(finding, part))
            return false;
    }
    return true;
}

static bool consider_places(struct finding *finding)
{
    for (int major = finding->source_major; major <= NEWEST_MAJOR; major++) {
        for (size_t i = 0; i < COUNT_OF(places); i++) {
            char directory[64];

            /* The formats are the table's own. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(directory, sizeof(directory), places[i], major);
#pragma GCC diagnostic pop
            if (!consider(finding, directory))
                return false;
        }
    }
    return true;
}

static int fixed_minor(int major)
{
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        if (fixed[i].major == major)
            return fixed[i].minor;
    }
    return 0;
}

bool pg_tools_find(int source_major, int target_major, struct arena *arena, struct pg_tools *tools,
                   struct error *err)
{
    struct finding finding = {
        .arena = arena, .source_major = source_major, .target_major = target_major};

    assert(source_major >= 9);
    if (!consider_path(&finding) || !consider_places(&finding))
        return error_memory(err);
    *tools = finding.best;
    if (tools->dump)
        return true;
    if (finding.seen_major && !pg_tools_can_restore(finding.seen_major, target_major))
        error_set(err, STATUS_LOCAL, "pg_restore %d says what a server of version %d does not know",
                  finding.seen_major, target_major);
    else if (finding.seen_major)
        error_set(err, STATUS_LOCAL, "pg_dump and pg_restore %d.%d are too old", finding.seen_major,
                  finding.seen_minor);
    else
        error_set(err, STATUS_LOCAL, "pg_dump and pg_restore are not found");
    return error_hint(err,
                      "install the client programs of PostgreSQL %d, release %d.%d or later "
                      "(older ones lack the fix of CVE-2025-8714), and put them into PATH",
                      source_major, source_major, fixed_minor(source_major));
}
