/* How a value is rewritten. A transform is one row of the registry: its name, the kinds it accepts,
 * what it promises, and two functions. prepare() runs while the profile meets the schema and makes
 * every refusal; apply() is a pure function of key, value and declared companions: no clock, no
 * random source, no state, no I/O; safe from every thread.
 *
 * To add a transform: one file in transform/ that ends with its `const struct transform
 * transform_NAME`, one line in transforms.def, its laws in tests/unit/transform/. */
#ifndef UNDERSTUDY_TRANSFORM_TRANSFORM_H
#define UNDERSTUDY_TRANSFORM_TRANSFORM_H

#include "config/yaml.h"
#include "transform/keys.h"
#include "value/value.h"

enum uniqueness { UNIQUENESS_PRESERVED, UNIQUENESS_NOT_GUARANTEED, UNIQUENESS_LOSSY };

/* Properties of a value that a rule preserves. */
enum property {
    PROPERTY_NULLS = 1,
    PROPERTY_EQUALITY = 2,
    PROPERTY_LENGTH = 4,
    PROPERTY_SCRIPT = 8,
    PROPERTY_SHAPE = 16,
    PROPERTY_SIGN = 32,
    PROPERTY_MAGNITUDE = 64,
    PROPERTY_ORDER = 128,
    PROPERTY_CALENDAR = 256,
    PROPERTY_ALL = 511
};

struct week; /* transform/week.h */

/* What a rule needs to know of its row beside the value. */
enum need { NEED_SUBJECT = 1, NEED_IDENTITY = 2, NEED_COMPANIONS = 4, NEED_GROUP = 8 };

/* What an output depends on beside the value: the parameter `per` of rules that know it. */
enum per { PER_VALUE, PER_SUBJECT, PER_ROW };
#define PER_BIT(per) (1u << (per))

/* A part of a value that refers to a column and takes its rule and domain: a path in JSON
 * documents, a group of a pattern. */
struct transform_reference {
    const char *path; /* JSON only */
    const char *rule;
    const struct yaml_node *params; /* or NULL */
    const char *domain;
    const struct column *column; /* that it refers to: an integer, a text or a uuid */
};

/* Which rows a rule wants to hear of beside its own: those that are equal in `group`. */
struct site_group {
    const char *group;
    const char *side;   /* a column by which their sums are kept apart, or NULL */
    uint32_t *position; /* receives the place among transform_call's groups */
};

/* The column (or element, or JSON path) that a rule is put on. */
struct transform_site {
    const struct column *column;
    /* For transform_prepare the type of the whole value; a rule's own prepare sees what it is put
     * on: the element of an array, the bound of a range. */
    const struct type *type;
    const char *label;  /* "public.customers.email", for messages */
    const char *domain; /* name of the key domain */
    bool is_part;       /* inside of another value: the column's NOT NULL is not about it */
    bool is_unique;     /* alone in a unique key */
    bool is_key;        /* in any unique key, or referenced, or referencing */
    bool is_referenced_or_referencing;
    const char *accept_risk; /* or NULL */
    const char *with;        /* companion's name or NULL */
    const struct keyring *keyring;
    int64_t now_us;          /* the run's frozen time: only for planning refusals, never applied */
    const struct week *week; /* activity by hour of the week; NULL: all hours are alike */
    unsigned depth;          /* nesting of rules that put rules on parts */
    size_t reference_count;  /* json: paths that a relation names; others have none */
    const struct transform_reference *references;
    /* Filled by prepare when the rule reads other columns of its row (derive, with): names
     * resolved by find_companion; apply gets their values in the same order. */
    bool (*find_companion)(const struct transform_site *site, const char *column,
                           uint32_t *position, struct error *err);
    /* The same for rows of a group; refuses what would not hold. */
    bool (*find_group)(const struct transform_site *site, const struct site_group *group,
                       struct error *err);
    /* Resolves "table.column" to its rule and domain, for the parts of a text that refer to it
     * (path stays NULL); an error at the node. NULL: no schema is known. */
    bool (*find_like)(const struct transform_site *site, const struct yaml_node *node,
                      struct transform_reference *reference, struct error *err);
    /* Other columns of the row whose rules identify, by number; NULL: no more. May be NULL. */
    const char *(*find_identifying)(const struct transform_site *site, size_t index);
    void *context; /* of the functions above */
};

/* One column of one batch of rows. values[i] is rewritten in place (bytes from `arena`). */
struct transform_call {
    const void *params; /* made by prepare */
    enum per per;       /* of the rule; seeder_value obeys it */
    const struct domain_key *key;
    const struct column *column;
    const struct type *type;
    const uint64_t *subjects;   /* keyed hash of each row's subject; NULL unless NEED_SUBJECT */
    const uint64_t *identities; /* keyed hash of each row's identity; NULL unless NEED_IDENTITY */
    const struct value *const *companions;       /* companions[position][i], already rewritten */
    const struct value *const *companion_inputs; /* the same before rewriting */
    size_t companion_count;
    const struct span *const *groups; /* groups[position][i], as ledger.h reads it; NEED_GROUP */
    struct arena *arena;
    uint64_t *scrambled; /* counts values the rule could not read and rewrote safely instead */
    uint64_t *unchanged; /* counts values that are returned as they are by definition */
};

struct transform_param {
    const char *name;
    const char *form; /* "text", "integer 0..38", "year | age_band" ... for help */
    const char *help;
};

struct prepared_transform;
struct tenant; /* tenant.h */

/* Called for each identifying text inside a value. */
typedef bool transform_visit(void *context, struct span text, struct error *err);

struct transform {
    const char *name;
    unsigned accepts;           /* KIND_BIT()s */
    enum uniqueness uniqueness; /* in general; prepared_transform says what holds here */
    unsigned preserves;         /* property bits */
    unsigned needs;             /* need bits */
    unsigned pers;              /* PER_BIT()s of the values that `per` takes; 0: it is unknown */
    bool identifies;            /* it is put on what identifies a person */
    bool is_dense;              /* outputs collide with other inputs by chance */
    bool is_whole;              /* takes arrays and ranges as they are, not their parts */
    bool is_semantic;           /* without edges its domain is the rule's name (email, phone) */
    const char *summary;        /* one line of help */
    const char *example;        /* YAML of one column */
    const char *guarantee;      /* a sentence or two */
    const struct transform_param *params;
    size_t param_count;
    /* Reads `params` (mapping or NULL; common keys such as rule, when, with are skipped by
     * transform_prepare). `canonical` receives everything that changes the mapping (bounds,
     * sentinels, dictionary version), for the key. */
    bool (*prepare)(const struct transform_site *site, const struct yaml_node *params,
                    struct arena *arena, struct prepared_transform *prepared, struct error *err);
    /* Once the key is known: builds what depends on it (tables), through pointers that prepare
     * left in its params. NULL: nothing to build. */
    bool (*finish)(const struct prepared_transform *prepared, struct arena *arena,
                   struct error *err);
    bool (*apply)(const struct transform_call *call, struct value *values, uint32_t count,
                  struct error *err);
    /* The identifying texts inside a value that the rule takes apart; NULL: the value itself is
     * one. Memory from `arena`. */
    bool (*find_identifying)(const struct prepared_transform *prepared, const struct value *value,
                             struct arena *arena, transform_visit *visit, void *context,
                             struct error *err);
    /* For help: what `uniqueness` comes to where parameters or the column decide, else NULL; and
     * what is refused without accept_risk, or NULL. */
    const char *uniqueness_here, *risk;
};

/* A transform made ready for one site. Read-only once made; shared by all threads. */
struct prepared_transform {
    const struct transform *transform;
    const void *params;
    struct buf *canonical;        /* while preparing only */
    const struct domain_key *key; /* the keyring's */
    enum per per;
    enum uniqueness uniqueness; /* here, with these parameters on this column */
    unsigned preserves, needs;
    const struct tenant *tenant; /* the key differs from tenant to tenant; NULL: it does not */
    size_t companion_count;
    bool reads_inputs_only; /* of companions what they were: two columns may read one another */
    bool has_ranges;        /* it is put on the bounds of ranges */
    bool identifies;        /* the transform does, or one that it puts on parts of the value */
    bool is_dense;          /* the same */
    bool copies;            /* 'keep', or a rule that puts 'keep' on parts of the value */
    bool is_exact;          /* the site is unique or a key: distinct values stay distinct */
};

#define TRANSFORM(name) extern const struct transform transform_##name;
#include "transform/transforms.def"
#undef TRANSFORM

const struct transform *transform_find(const char *name);     /* NULL: unknown */
const struct transform *const *transform_rows(size_t *count); /* in order of transforms.def */

/* Checks kind, parameters (unknown ones: nearest word), uniqueness against the site (refusals
 * are STATUS_POLICY), fit; derives the key. On arrays and ranges the rule is prepared for their
 * elements and bounds; 'redact' on a composite or an hstore redacts each of its parts. */
bool transform_prepare(const char *name, const struct transform_site *site,
                       const struct yaml_node *params, struct arena *arena,
                       struct prepared_transform **prepared, struct error *err);

/* `call->type` is the type that transform_prepare was given. NULLs stay NULL (the rules `null` and
 * `constant` say otherwise themselves). */
bool transform_apply(const struct prepared_transform *prepared, struct transform_call *call,
                     struct value *values, uint32_t count, struct error *err);

#endif
