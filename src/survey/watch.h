/* Values that should stand in one row each and stand in several: found in two looks, because one
 * cannot do it in bounded memory. What a value was seen in first is not known any more when it is
 * seen again, parts miss different first rows, and rows of one value may lie in different parts. So
 * the first look only counts (sketch.h), which parts can add; then it is known which values may
 * have several rows, and the second look keeps exactly these, with all their rows. Both are
 * functions of the multiset of values: neither order nor parts show.
 *
 * The sketch errs to one side: beside the values sought come some by chance, told apart by the
 * second look. Where these would be too many (a table of a million rows), only values of more rows
 * are sought: `threshold`. */
#ifndef UNDERSTUDY_SURVEY_WATCH_H
#define UNDERSTUDY_SURVEY_WATCH_H

#include "survey/sketch.h"
#include "survey/symbols.h"
#include "survey/trait.h"

enum {
    WATCH_FOUND_MOST = 65536, /* values of the second look */
    WATCH_WITNESSES = 8,      /* of a value */
};

/* Sketches of all watches of one state together. */
#define WATCH_BYTES (UINT32_C(16) << 20)

/* A value of the second look. */
struct found {
    uint64_t value; /* hash of exactly this value */
    uint64_t group; /* of values that count as the same */
    uint64_t rows;
    struct witness first; /* of one row; more are in the list */
    struct witness_list witnesses;
    uint8_t tag;
};

struct watch {
    uint32_t cells; /* of a line of its sketch, which is made when it is needed */
    uint64_t rows;  /* that have a value */
    struct sketch sketch;
    struct value_sample sample;
    /* The second look: */
    unsigned threshold;           /* 0: there is none */
    bool is_given_up;             /* nor would one tell anything: see watch_again */
    bool is_sought[SYMBOL_COUNT]; /* by tag */
    unsigned shift;               /* only groups of this slice of the hashes are kept */
    uint32_t found_count;
    size_t found_capacity;
    struct found *found;
    uint32_t slot_count;
    uint32_t *slots; /* number in found + 1 */
};

/* What a batch's rows have: arrays of batch->rows. */
struct watch_rows {
    const struct survey_batch *batch;
    const uint64_t *groups; /* 0: the row has no value */
    const uint64_t *values; /* the same array as groups where all values of a group are one */
    const uint8_t *tags;    /* NULL: all 0. A function of the group, below SYMBOL_COUNT */
};

/* So many cells a line has a sketch where `count` watches share the memory; the estimate only sizes
 * it. */
uint32_t watch_cells(size_t count, double row_estimate);
bool watch_init(struct watch *watch, uint32_t cells, struct arena *arena, struct error *err);
/* The first look. */
bool watch_count(struct watch *watch, const struct watch_rows *rows, struct arena *arena,
                 struct error *err);
bool watch_count_many(struct watch *watch, uint64_t group, uint64_t rows, struct arena *arena,
                      struct error *err);
bool watch_merge(struct watch *watch, const struct watch *from, struct arena *arena,
                 struct error *err);

/* Of the merged one: whether nearly all values of the tag stand in one row, as far as the sample
 * tells. */
bool watch_is_nearly_unique(const struct watch *watch, uint8_t tag);
/* Begins the second look at the tags in is_sought; leaves it out where even at the greatest
 * threshold chance alone would bring too many values. */
void watch_again(struct watch *watch);
/* Another for the second look; borrows the sketch. */
void watch_fork(const struct watch *watch, struct watch *fork);
/* The second look. */
bool watch_find(struct watch *watch, const struct watch_rows *rows, struct witness_pool *pool,
                struct arena *arena, struct error *err);
bool watch_merge_found(struct watch *watch, const struct watch *from, struct witness_pool *pool,
                       struct arena *arena, struct error *err);

/* A group that several rows share. */
struct shared {
    uint64_t group, rows;
    uint8_t tag;
    unsigned rank;    /* 1: the tag's greatest */
    bool is_greatest; /* among the greatest asked for; else it stands for its class */
    uint32_t value_count;
    struct found *values; /* by hash */
};

/* For each tag the `greatest` groups of several rows, and one group for each class (2, 3 to 4, 5 to
 * 8 rows ...) that is not among them; those of a tag together, the greatest first. Sorts `found`:
 * nothing may be added any more. false: out of memory. */
bool watch_shared(struct watch *watch, unsigned greatest, struct arena *arena,
                  struct shared **shared, size_t *count, struct error *err);
/* The most rows of its class: 2, 4, 8 ... */
uint64_t shared_class_most(const struct shared *shared);
/* A stratum of the rows of all its values, which come together; what it is about is the caller's to
 * fill in. Memory of the marker's arena. */
bool shared_draft(const struct shared *shared, struct marker *marker, struct stratum_draft *draft,
                  struct error *err);

/* What the second look left out. */
bool watch_say_gaps(const struct watch *watch, const struct survey_column *column,
                    struct strata *strata, struct error *err);

#endif
