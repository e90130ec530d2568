/* What the checks share: the read-back of every table and the shape of a check. */
#ifndef UNDERSTUDY_VERIFY_INTERNAL_H
#define UNDERSTUDY_VERIFY_INTERNAL_H

#include "verify/verify.h"

struct readback_table {
    uint64_t rows, checksum;
    uint64_t leaks;       /* cells that hold an identifying value of a chosen row */
    uint64_t dense_leaks; /* the same where chance explains it: only counted */
    const struct bound_column *leaking;
    /* number cells that equal an identifying number, and how many do by chance */
    uint64_t number_leaks;
    double numbers_by_chance;
    const struct bound_column *numbers_leaking;
};

struct verify_run {
    const struct verify_config *config;
    struct arena *arena;
    struct readback_table *tables; /* by table index */
};

/* Reads every table of the new database once, in parallel. */
bool verify_read_back(struct verify_run *run, struct error *err);

/* The answer of a check, with names and counts only; always true. */
bool verify_say(struct verify_run *run, struct check_result *result, bool is_ok, const char *format,
                ...) PRINTF_LIKE(4, 5);
/* Both tables are in staging, perhaps empty. */
bool verify_is_in_target(const struct binding *binding, const struct edge *edge);
/* True when the condition of a reference means the same on rewritten rows: it speaks of columns of
 * the table alone, calls nothing, and every column it names is kept. */
bool verify_is_same_condition(const struct bound_table *table, const char *when);

typedef bool verify_check(struct verify_run *run, struct check_result *result, struct error *err);

#define CHECK(name, function) verify_check function;
#include "verify/checks.def"
#undef CHECK

#endif
