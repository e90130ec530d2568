/* Integers permuted inside fixed bands (transforms.md section 2), the same in every width: a value
 * never leaves [0, 2^14), [2^14, 2^15), [2^15, 2^30), [2^30, 2^31), [2^31, 2^53),
 * [2^53, 2^63) or, without a sign, [2^63, 2^64); a negative v lies in the band of -1 - v. Sentinels
 * are walked past.
 *
 * Types of MySQL end inside of a band: tinyint at 2^7 (2^8 unsigned), smallint unsigned at 2^16,
 * mediumint at 2^23 (2^24), int unsigned at 2^32, bit(n) at 2^n. There the band that holds the end
 * is cut: what lies below the end is permuted among itself, and only there the mapping depends on
 * the type. So two types that are cut differently cannot share a domain without a `range`
 * (bands_agree; bind refuses it); in all other bands they map as every other type does. */
#ifndef UNDERSTUDY_TRANSFORM_BANDS_H
#define UNDERSTUDY_TRANSFORM_BANDS_H

#include "transform/feistel.h"
#include "transform/seed.h"

enum { BAND_COUNT = 7, SENTINELS_MAX = 16 };

struct bands {
    struct permutation bands[BAND_COUNT];
    bool has_range; /* `range: [low, high]` stands in for the bands */
    int64_t low, high;
    struct permutation range;
    int64_t sentinels[SENTINELS_MAX];
    size_t sentinel_count;
    unsigned cut_band; /* of which only what lies below `end` is held; `end` 0: none is cut */
    uint64_t end;
    struct permutation cut;
};

/* Where the type cuts a band: the number of bits that it holds beside a sign; 0: nowhere. Any type
 * but an integer: 0. `column` may be NULL. */
unsigned bands_end(const struct type *type, const struct column *column);
/* True when every number that both columns hold maps alike without a range. */
bool bands_agree(const struct column *a, const struct column *b);

/* Reads `range` and `sentinels` (default 0 and -1) and adds them to the key's message. */
bool bands_read(struct bands *bands, const struct transform_site *site,
                const struct yaml_node *params, struct prepared_transform *prepared,
                struct error *err);
/* Builds the permutations once the key is known. `key` NULL: it differs from value to value, so no
 * tables are made. */
bool bands_finish(struct bands *bands, const struct domain_key *key, struct arena *arena,
                  struct error *err);

enum band_result { BAND_MOVED, BAND_SENTINEL, BAND_OUTSIDE };
/* BAND_OUTSIDE only with a range. */
enum band_result bands_apply(const struct bands *bands, const struct sipkey *key, int64_t *number);
/* The same for numbers without a sign: up to 2^63 - 1 as bands_apply has it. */
enum band_result bands_apply_unsigned(const struct bands *bands, const struct sipkey *key,
                                      uint64_t *number);

/* The one of them that goes with the type. */
enum band_result bands_apply_integer(const struct bands *bands, const struct type *type,
                                     const struct sipkey *key, int64_t *number);

/* bands_apply with its counting; a number outside a range is STATUS_PROFILE. */
bool integer_key_permute(const struct transform_call *call, const struct bands *bands,
                         int64_t *number, struct error *err);
/* A numeric: as the integer of 64 bits, with or without a sign, that it holds, else inside its
 * form. One that the range or the column's digits do not allow for is STATUS_PROFILE. */
bool decimal_key_permute(const struct transform_call *call, struct seeder *seeder,
                         const struct bands *bands, struct value *value, struct error *err);

#endif
