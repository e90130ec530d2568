/* Fuzz target: any bytes as a profile. Besides memory errors it looks for a profile that is
 * refused without a place, and for SQL that came through the wall unbalanced. */
#include "config/profile.h"
#include "config/sql_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_sql(enum engine engine, const char *text, enum sql_shape shape)
{
    struct error err = {0};

    if (text && !sql_text_check(engine, text, shape, &err))
        abort();
}

static void check_profile(const struct profile *profile)
{
    for (size_t i = 0; i < profile->start_count; i++)
        check_sql(profile->engine, profile->starts[i].where, SQL_CONDITION);
    for (size_t i = 0; i < profile->pin_count; i++)
        check_sql(profile->engine, profile->pins[i].where, SQL_CONDITION);
    for (size_t i = 0; i < profile->edge_count; i++)
        check_sql(profile->engine, profile->edges[i].order, SQL_ORDERING);
    for (size_t i = 0; i < profile->relation_count; i++)
        check_sql(profile->engine, profile->relations[i].when, SQL_CONDITION);
    for (size_t i = 0; i < profile->table_count; i++)
        for (size_t k = 0; k < profile->tables[i].rule_count; k++)
            check_sql(profile->engine, profile->tables[i].rules[k].when, SQL_CONDITION);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct profile *profile = NULL;
    struct error err = {0};

    if (size > (size_t)1 << 20)
        return 0;
    if (profile_read_text("fuzz.yaml", span_make(bytes, size), arena, &profile, &err))
        check_profile(profile);
    else if (err.cause[0] == '\0' || strncmp(err.context, "fuzz.yaml:", 10) != 0)
        abort();
    return 0;
}
