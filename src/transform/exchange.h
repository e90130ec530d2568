/* Strings over one alphabet, exchanged one to one among those of the same length and tweak, and
 * never one for itself. From a million strings on by FF1 in batches, below that by the keyed
 * integer network of feistel.h (20 rounds), and by the network of form.h where FF1's halves would
 * not fit 63 bits. */
#ifndef UNDERSTUDY_TRANSFORM_EXCHANGE_H
#define UNDERSTUDY_TRANSFORM_EXCHANGE_H

#include "transform/ff1.h"
#include "transform/keys.h"
#include "transform/letters.h"

enum { EXCHANGE_RADIX_MAX = 128 };

struct exchange {
    struct ff1 ff1;
    const struct domain_key *key;
    struct arena *arena; /* scratch of long strings */
};

struct exchange_string {
    uint8_t *symbols; /* each below the radix; rewritten in place */
    uint32_t length;  /* 0: nothing is done */
    uint8_t tweak_length;
    uint8_t tweak[FF1_TWEAK_MAX];
};

/* For one thread; `key` and `arena` outlive it. Release with exchange_release. */
bool exchange_init(struct exchange *exchange, const struct domain_key *key, struct arena *arena,
                   struct error *err);
void exchange_release(struct exchange *exchange);
/* A radix of 2 at least. A radix without an even number of symbols may leave a string as it is
 * (one in as many as there are strings). */
bool exchange_strings(const struct exchange *exchange, unsigned radix,
                      struct exchange_string *strings, size_t count, struct error *err);

/* symbols_permute without fixed points: the outputs of two inputs that differ in one symbol alone
 * change places where one of them would stay. `scratch` holds 2 * count + 8 words. Where no radix
 * is even, or a string in 10^12 is rare enough, it is symbols_permute. */
void symbols_move(const struct sipkey *key, uint64_t level, const uint32_t *radices,
                  uint32_t *indices, size_t count, uint32_t *scratch);

/* The value's text inside its form (form_permute), for what a rule cannot read: counts it as
 * scrambled. `is_readable` (or NULL) says which texts the rule reads: the result is none of
 * those, so that both stay one to one. */
typedef bool text_test(const void *context, struct span text);
bool value_scramble(const struct transform_call *call, struct value *value, text_test *is_readable,
                    const void *context, struct error *err);

#endif
