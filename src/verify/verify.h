/* Is the new database right? Asked before the swap; each question is one line of `checks` in the
 * report, and one no is STATUS_VERIFICATION. To add a check: a line in checks.def and a function of
 * this shape. */
#ifndef UNDERSTUDY_VERIFY_VERIFY_H
#define UNDERSTUDY_VERIFY_VERIFY_H

#include "run/copy.h"

struct check_result {
    const char *check;
    bool is_ok;
    const char *detail; /* names and counts, never values */
};

struct verify_config {
    const struct selection *selection;
    const struct copied *copied;
    const struct codec *codec;
    struct crew *crew; /* with connections to the new database */
    struct db *target; /* one more, for statements */
    struct control *control;
    /* edges whose constraints are made NOT VALID, by edge index */
    const bool *is_violated;
    /* The profile's own SQL ran behind the load: rows that are not what was sent are named in
     * `changed` and fail nothing; every other check holds as before, the search for leaks too. */
    bool is_after_load;
};

struct verification {
    size_t count;
    struct check_result *results;
    size_t changed_count;
    const char **changed; /* is_after_load: labels of tables whose rows are not what was sent */
};

/* Runs every check, also after one said no. false: a check could not be made (its own status), or
 * the answer of at least one is no (STATUS_VERIFICATION, naming the first); the verification is
 * filled as far as it went. */
bool verify_database(const struct verify_config *config, struct arena *arena,
                     struct verification *verification, struct error *err);

#endif
