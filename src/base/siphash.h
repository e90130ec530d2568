/* SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012), the keyed function
 * behind every choice, shift and noise. Inline, because a Feistel network calls it ten times a
 * value: crypto_shorthash of libsodium takes twice the time for one block. The unit test checks
 * the 64 published vectors and equality with libsodium. */
#ifndef UNDERSTUDY_BASE_SIPHASH_H
#define UNDERSTUDY_BASE_SIPHASH_H

#include "base/common.h"
#include "base/span.h"

struct sipkey {
    uint64_t k0, k1; /* little endian halves of the 16 bytes */
};

struct sipkey sipkey_read(const uint8_t bytes[16]);

/* Any bytes. */
uint64_t siphash(const struct sipkey *key, const void *bytes, size_t len);

/* Two or three 64-bit words, each as 8 little endian bytes; same result as siphash() of the
 * concatenation. Inline. */
static inline uint64_t siphash_words(const struct sipkey *key, const uint64_t *words, int count);

/* Of 7 bytes, which share the only block with their length, and of a word and 7 bytes: half and two
 * thirds of the rounds that three words take. tail < 2^56. Inline. */
static inline uint64_t siphash_block(const struct sipkey *key, uint64_t tail);
static inline uint64_t siphash_short(const struct sipkey *key, uint64_t word, uint64_t tail);

/* Two hashes at once, of `count` words each: their rounds overlap, 21 ns for both where one takes
 * 16 (three words). */
static inline void siphash_words_two(const struct sipkey *key, const uint64_t *first,
                                     const uint64_t *second, int count, uint64_t hashes[2]);

/* The upper 64 bits of number * bound / 2^64: a choice in [0, bound) without modulo bias beyond
 * bound / 2^64. */
static inline uint64_t siphash_below(uint64_t hash, uint64_t bound)
{
    __extension__ typedef unsigned __int128 wide;
    return (uint64_t)(((wide)hash * bound) >> 64);
}

#include "base/siphash_inline.h"

#endif
