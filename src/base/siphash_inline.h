/* The rounds of SipHash-2-4, and the hash of a few words without a loop over bytes. */
#ifndef UNDERSTUDY_BASE_SIPHASH_INLINE_H
#define UNDERSTUDY_BASE_SIPHASH_INLINE_H

#include "base/siphash.h"

struct sipstate {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t sip_rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline struct sipstate sip_start(const struct sipkey *key)
{
    return (struct sipstate){
        .v0 = key->k0 ^ 0x736f6d6570736575u, /* "somepseu" */
        .v1 = key->k1 ^ 0x646f72616e646f6du, /* "dorandom" */
        .v2 = key->k0 ^ 0x6c7967656e657261u, /* "lygenera" */
        .v3 = key->k1 ^ 0x7465646279746573u, /* "tedbytes" */
    };
}

static inline void sip_round(struct sipstate *state)
{
    state->v0 += state->v1;
    state->v1 = sip_rotate(state->v1, 13) ^ state->v0;
    state->v0 = sip_rotate(state->v0, 32);
    state->v2 += state->v3;
    state->v3 = sip_rotate(state->v3, 16) ^ state->v2;
    state->v0 += state->v3;
    state->v3 = sip_rotate(state->v3, 21) ^ state->v0;
    state->v2 += state->v1;
    state->v1 = sip_rotate(state->v1, 17) ^ state->v2;
    state->v2 = sip_rotate(state->v2, 32);
}

static inline void sip_word(struct sipstate *state, uint64_t word)
{
    state->v3 ^= word;
    sip_round(state);
    sip_round(state);
    state->v0 ^= word;
}

static inline uint64_t sip_end(struct sipstate *state)
{
    state->v2 ^= 0xff;
    sip_round(state);
    sip_round(state);
    sip_round(state);
    sip_round(state);
    return state->v0 ^ state->v1 ^ state->v2 ^ state->v3;
}

static inline uint64_t siphash_words(const struct sipkey *key, const uint64_t *words, int count)
{
    struct sipstate state = sip_start(key);

    assert(count >= 0 && count < 32);
    for (int i = 0; i < count; i++)
        sip_word(&state, words[i]);
    /* The last block holds no bytes of the message, only its length in the top byte. */
    sip_word(&state, (uint64_t)count * 8 << 56);
    return sip_end(&state);
}

static inline uint64_t siphash_block(const struct sipkey *key, uint64_t tail)
{
    struct sipstate state = sip_start(key);

    assert(tail >> 56 == 0);
    sip_word(&state, UINT64_C(7) << 56 | tail);
    return sip_end(&state);
}

static inline uint64_t siphash_short(const struct sipkey *key, uint64_t word, uint64_t tail)
{
    struct sipstate state = sip_start(key);

    assert(tail >> 56 == 0);
    sip_word(&state, word);
    sip_word(&state, UINT64_C(15) << 56 | tail);
    return sip_end(&state);
}

static inline void siphash_words_two(const struct sipkey *key, const uint64_t *first,
                                     const uint64_t *second, int count, uint64_t hashes[2])
{
    struct sipstate a = sip_start(key), b = a;

    assert(count >= 0 && count < 32);
    for (int i = 0; i <= count; i++) {
        const uint64_t last = (uint64_t)count * 8 << 56;
        const uint64_t word_a = i < count ? first[i] : last, word_b = i < count ? second[i] : last;

        a.v3 ^= word_a;
        b.v3 ^= word_b;
        sip_round(&a);
        sip_round(&b);
        sip_round(&a);
        sip_round(&b);
        a.v0 ^= word_a;
        b.v0 ^= word_b;
    }
    a.v2 ^= 0xff;
    b.v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(&a);
        sip_round(&b);
    }
    hashes[0] = a.v0 ^ a.v1 ^ a.v2 ^ a.v3;
    hashes[1] = b.v0 ^ b.v1 ^ b.v2 ^ b.v3;
}

#endif
