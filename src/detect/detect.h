/* Which columns look personal, and why: proposals for init and detect from names, types, keys and
 * a bounded sample of values. A proposal never decides at run time. What is uncertain is redact
 * with a review text; nothing identifying is ever proposed as keep. */
#ifndef UNDERSTUDY_DETECT_DETECT_H
#define UNDERSTUDY_DETECT_DETECT_H

#include "db/driver.h"
#include "detect/names.h"
#include "graph/graph.h"

enum certainty { CERTAINTY_SURE, CERTAINTY_LIKELY, CERTAINTY_UNSURE };

struct path_facts;

/* What a bounded sample of a column showed: counts only, never values. */
struct sample_facts {
    uint32_t rows, nulls, empties;
    uint32_t distinct; /* exact within the sample */
    uint32_t like_email, like_phone, like_url, like_ip, like_uuid, like_card, like_iban, like_name,
        like_date, like_number, like_code, like_json, like_hash, with_blank, non_ascii;
    uint32_t like_word; /* one capitalized word: a label, or a name */
    uint32_t has_email; /* somewhere in it, or nothing but one */
    uint32_t like_mac, like_national, like_place, like_secret, like_token, like_base64,
        like_sentence;
    uint32_t like_birth;                           /* dates of 1900 to 2015 */
    uint32_t like_dialed;                          /* phones as people write them */
    uint32_t like_given, like_family, like_person; /* by the dictionaries of names */
    uint32_t like_digits;                          /* digits and nothing else */
    uint32_t midnights;                            /* timestamps without a time of day */
    uint32_t longest, total_length;                /* bytes; each value counts for at most 65,535 */
    double order_correlation;   /* |Spearman| of the column with physical order; 0: not measured */
    int64_t smallest, greatest; /* integers and dates only */
    size_t path_count;          /* of members of JSON documents that hold texts */
    const struct path_facts *paths;
    const uint32_t *week; /* timestamps: how many in each hour of the week; or NULL */
};

/* One path that several documents have. */
struct path_facts {
    const char *path, *name; /* "$.address.city", "city" */
    struct sample_facts facts;
};

struct proposal {
    const struct column *column;
    const char *rule;   /* "email", "keep" ...; NULL: inherited over an edge, not listed */
    const char *params; /* YAML flow text behind rule: "mode: decade", or NULL */
    const char *reason; /* a few words */
    const char *review; /* or NULL */
    enum certainty certainty;
    bool is_refused;      /* no rule fits the column: its table must stay empty */
    const uint32_t *week; /* of a shifted time: how many in each hour of the week; or NULL */
};

struct detection {
    const struct names *names;
    size_t count;
    struct proposal *proposals; /* every column that is written, in catalog order */
};

struct detect_source {
    const struct names *names;
    struct db *db;        /* inside its snapshot; NULL: names and types only */
    uint32_t sample_rows; /* at most, of each table, spread over its pages */
};

bool detect_columns(const struct graph *graph, const struct detect_source *source,
                    struct arena *arena, struct detection **detection, struct error *err);

/* What init writes beside the columns. */
struct start_proposal {
    const struct table *table;
    const char *reason;
};

struct shape_proposal {
    size_t start_count;
    struct start_proposal *starts; /* tables with most descendants that have few parents */
    size_t cap_count;
    struct cap_proposal {
        const struct edge *edge;
        double mean_fan_out;
        const char *order; /* "created_at desc" or NULL */
    } * caps;              /* mean fan-out over 1,000: take 100, newest first */
    size_t subject_count;
    const struct table **subjects;
    const struct column **subject_path; /* by table index; NULL where nothing is to be settled */
    size_t none_count;
    const struct table **none; /* tables with times and no way up */
    size_t empty_count;
    const struct table **empties; /* sessions, outboxes, tokens, and what is_refused is in */
    size_t refused_count;         /* of these: no rule fits one of their columns */
    size_t unreachable_count;
    const struct table **unreachable; /* from the starts: sampled by sample.fraction */
    const int64_t *week;              /* WEEK_HOURS counts, each at least 1; or NULL */
    uint64_t week_events;             /* that it was measured on */
};

/* Adds `per: subject` to proposals of tables that belong to subjects. */
bool detect_shape(const struct graph *graph, const struct detection *detection, struct arena *arena,
                  struct shape_proposal **shape, struct error *err);

/* The whole profile as YAML text, with reasons as comments; `url_variable` names the environment
 * variables it refers to. Every written profile reads back with profile_read. */
bool detect_write_profile(const struct graph *graph, const struct detection *detection,
                          const struct shape_proposal *shape, double fraction, struct buf *out,
                          struct error *err);
/* Only columns that `known` (by table index, column index) does not name: an include file. */
bool detect_write_fragment(const struct graph *graph, const struct detection *detection,
                           const bool *const *known, struct buf *out, struct error *err);

#endif
