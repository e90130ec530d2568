/* A bounded sample of one table's rows, read once while binding and looked at by every check that
 * must know values before rows are chosen (bind_clock, bind_frequency). Held while one table is
 * looked at; nothing of it goes into the binding. */
#ifndef UNDERSTUDY_BIND_SAMPLE_H
#define UNDERSTUDY_BIND_SAMPLE_H

#include "bind/binder.h"

struct sample_column {
    const struct bound_column *bound;
    /* [table_sample.rows]; texts are cut at 256 bytes, numerics of more count as NULL. What
     * has parts is bytes: its binary form on the wire, cut likewise. */
    struct value *values;
};

struct table_sample {
    struct arena *arena; /* owned; checks may take their own memory from it */
    const struct bound_table *table;
    const struct codec *codec; /* of the source */
    size_t column_count;       /* only those that a check asked for */
    struct sample_column *columns;
    struct field *fields; /* as they are read, one a column */
    uint32_t rows, most;  /* read; room for */
};

/* A check over samples. `want` sets wanted[i] for each of table->columns[i] that it will look at,
 * and leaves the others alone. `look` keeps faults and warnings; false: memory ended. */
struct sample_check {
    void (*want)(const struct bound_table *table, bool *wanted);
    bool (*look)(struct binder *binder, struct table_sample *sample);
};

extern const struct sample_check check_clock, check_frequency;

/* An array, a range, a composite: not decoded. */
bool sample_is_wire(const struct bound_column *bound);
/* True for the kinds that sample_compare knows. */
bool sample_is_ordered(const struct bound_column *bound);
/* Order of two values, neither NULL; texts by their bytes. */
int sample_compare(enum kind kind, const struct value *a, const struct value *b);

#endif
