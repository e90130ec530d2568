/* Texts of one form: those that differ only in which letter or digit of its class stands at each
 * place. A bijection inside a form keeps length and character classes. */
#ifndef UNDERSTUDY_TRANSFORM_FORM_H
#define UNDERSTUDY_TRANSFORM_FORM_H

#include "base/arena.h"
#include "transform/letters.h"

/* Symbols in mixed radix: indices[i] < radices[i]. Rewritten in place by a bijection that depends
 * on the key, the radices and `level`. Under 2^62 combinations by rank through cycle_apply, so that
 * in a small form nothing stays as it is; above by a Feistel network over the two halves of the
 * symbols. `scratch` holds count + 8 words.
 *
 * A small form has no table as a band of integers has: a column may hold any number of forms, none
 * known before its value comes, and a table of 10^6 takes 12 ms to build. With a bounded store of
 * them every value that misses it would pay that, for the result must not depend on what is
 * stored. Up to 64 values the list is shuffled anew each time, which is as good as a table; above,
 * 20 rounds leave no attack known below the whole of the code book (Patarin; Bellare, Hoang,
 * Tessaro: "Message-recovery attacks on Feistel-based format-preserving encryption", 2016: more
 * examples than there are values from about ten rounds on). */
void symbols_permute(const struct sipkey *key, uint64_t level, const uint32_t *radices,
                     uint32_t *indices, size_t count, uint32_t *scratch);

/* Rewrites `text` in place inside its form; texts shaped like a UUID stay so and map as the UUID
 * does. `keeps_version` as for uuid_permute. *is_kept: nothing could change. */
bool form_permute(const struct sipkey *key, bool keeps_version, char *text, size_t len,
                  struct arena *arena, bool *is_kept, struct error *err);

/* "01234567-89ab-..." in lower case to bytes and back. */
bool uuid_read(const char *text, size_t len, uint8_t uuid[16]);
void uuid_write(const uint8_t uuid[16], char text[36]);

/* A numeric's digits inside its form: sign, digits before and after the point (trailing zeros of
 * the fraction apart) stay as many; zero, NaN and the infinities stay. Distinct numbers stay
 * distinct. Result in `arena`. */
bool decimal_permute(const struct sipkey *key, struct span text, struct arena *arena,
                     struct span *result, bool *is_kept, struct error *err);

#endif
