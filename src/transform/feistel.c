/* Keyed bijections of integers and UUIDs from Feistel networks with SipHash rounds. */
#include "transform/feistel.h"

#include "transform/seed.h"

#include <string.h>

enum { ROUNDS = 10, ROUNDS_SMALL = 20 };

static uint64_t root_ceiling(uint64_t n)
{
    uint64_t low = 1, high = UINT64_C(1) << 32;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;

        if (middle * middle >= n || middle >= UINT64_C(1) << 32)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void feistel_init(struct feistel *feistel, uint64_t n)
{
    assert(n >= 1 && n <= UINT64_C(1) << 63);
    feistel->n = n;
    feistel->a = root_ceiling(n);
    feistel->b = (n - 1) / feistel->a + 1;
    feistel->rounds = n < PERMUTE_TABLE_LIMIT ? ROUNDS_SMALL : ROUNDS;
    assert((uwide)feistel->a * feistel->b >= n);
    assert((uwide)feistel->a * feistel->b <= UINT64_MAX);
}

/* The PRF's input: purpose, number of the round, level, half. The fewer bytes, the fewer rounds of
 * SipHash; messages of 7, 15 and 24 bytes never meet, for their length is part of the hash. */
static inline uint64_t round_value(const struct sipkey *key, enum purpose purpose, uint64_t level,
                                   uint64_t number, uint64_t half)
{
    const uint64_t head = number << 8 | (uint64_t)purpose;

    assert(head >> 16 == 0);
    if (level >> 8 == 0 && half >> 32 == 0)
        return siphash_block(key, half << 24 | level << 16 | head);
    if (level >> 40 == 0)
        return siphash_short(key, level << 24 | half >> 56 << 16 | head, half & (UINT64_MAX >> 8));

    const uint64_t words[3] = {head, level, half};

    return siphash_words(key, words, 3);
}

static uint64_t network_forward(const struct feistel *feistel, const struct sipkey *key,
                                uint64_t level, uint64_t x)
{
    const uint64_t a = feistel->a, b = feistel->b;
    uint64_t left = x / b, right = x % b;

    for (unsigned i = 0; i < feistel->rounds; i += 2) {
        left += siphash_below(round_value(key, PURPOSE_FEISTEL, level, i, right), a);
        left -= left >= a ? a : 0;
        right += siphash_below(round_value(key, PURPOSE_FEISTEL, level, i + 1, left), b);
        right -= right >= b ? b : 0;
    }
    return left * b + right;
}

static uint64_t network_backward(const struct feistel *feistel, const struct sipkey *key,
                                 uint64_t level, uint64_t x)
{
    const uint64_t a = feistel->a, b = feistel->b;
    uint64_t left = x / b, right = x % b;

    for (unsigned i = feistel->rounds; i > 0; i -= 2) {
        right += b - siphash_below(round_value(key, PURPOSE_FEISTEL, level, i - 1, left), b);
        right -= right >= b ? b : 0;
        left += a - siphash_below(round_value(key, PURPOSE_FEISTEL, level, i - 2, right), a);
        left -= left >= a ? a : 0;
    }
    return left * b + right;
}

uint64_t feistel_apply(const struct feistel *feistel, const struct sipkey *key, uint64_t level,
                       uint64_t x)
{
    assert(x < feistel->n);
    do {
        x = network_forward(feistel, key, level, x);
    } while (x >= feistel->n);
    return x;
}

uint64_t feistel_invert(const struct feistel *feistel, const struct sipkey *key, uint64_t level,
                        uint64_t x)
{
    assert(x < feistel->n);
    do {
        x = network_backward(feistel, key, level, x);
    } while (x >= feistel->n);
    return x;
}

enum { LIST_MAX = 64 };

/* Sattolo's shuffle: one cycle, each of them as likely as another. */
static uint64_t list_apply(const struct sipkey *key, uint64_t level, uint64_t n, uint64_t x)
{
    uint8_t list[LIST_MAX];

    assert(n <= LIST_MAX && x < n);
    for (uint64_t i = 0; i < n; i++)
        list[i] = (uint8_t)i;
    for (uint64_t i = n - 1; i > 0; i--) {
        const uint64_t words[3] = {n << 8 | PURPOSE_TABLE, level, i};
        const uint64_t j = siphash_below(siphash_words(key, words, 3), i);
        const uint8_t swapped = list[i];

        list[i] = list[j];
        list[j] = swapped;
    }
    return list[x];
}

uint64_t cycle_apply(const struct sipkey *key, uint64_t level, uint64_t n, uint64_t x)
{
    struct feistel feistel;

    assert(x < n);
    if (n <= LIST_MAX)
        return list_apply(key, level, n, x);
    feistel_init(&feistel, n);
    if (n < PERMUTE_TABLE_LIMIT) {
        x = feistel_invert(&feistel, key, level, x) + 1;
        x = x == n ? 0 : x;
    }
    return feistel_apply(&feistel, key, level, x);
}

uint32_t *table_new(const struct sipkey *key, uint64_t level, uint32_t n, struct arena *arena)
{
    uint32_t *table = ARENA_ARRAY(arena, n, uint32_t);

    assert(n > 0 && n <= PERMUTE_TABLE_LIMIT);
    if (!table)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        table[i] = i;
    for (uint32_t i = n - 1; i > 0; i--) {
        const uint64_t words[3] = {PURPOSE_TABLE, level, i};
        uint64_t j = siphash_below(siphash_words(key, words, 3), (uint64_t)i + 1);
        uint32_t swapped = table[i];

        table[i] = table[j];
        table[j] = swapped;
    }
    return table;
}

bool permutation_init(struct permutation *permutation, const struct sipkey *table_key, uint64_t n,
                      uint64_t level, struct arena *arena, struct error *err)
{
    feistel_init(&permutation->feistel, n);
    permutation->level = level;
    permutation->table = NULL;
    if (!table_key || n >= PERMUTE_TABLE_LIMIT)
        return true;
    permutation->table = table_new(table_key, level, (uint32_t)n, arena);
    return permutation->table || error_memory(err);
}

#define HALF_MASK ((UINT64_C(1) << 61) - 1)

static uint64_t word_read(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++)
        word = word << 8 | bytes[i];
    return word;
}

static void word_write(uint8_t *bytes, uint64_t word)
{
    for (int i = 7; i >= 0; i--, word >>= 8)
        bytes[i] = (uint8_t)word;
}

/* 60 free bits of the first word (all but the version), 62 of the second (all but the variant),
 * as two halves of 61. */
static void halves_read(const uint8_t uuid[16], uint64_t *left, uint64_t *right)
{
    uint64_t high = word_read(uuid), low = word_read(uuid + 8) & (UINT64_MAX >> 2);

    high = high >> 16 << 12 | (high & 0xfff);
    *left = high << 1 | low >> 61;
    *right = low & HALF_MASK;
}

static void halves_write(uint8_t uuid[16], uint64_t left, uint64_t right)
{
    uint8_t version = uuid[6] & 0xf0, variant = uuid[8] & 0xc0;
    uint64_t high = left >> 1, low = (left & 1) << 61 | right;

    word_write(uuid, high >> 12 << 16 | (high & 0xfff));
    word_write(uuid + 8, low);
    uuid[6] = (uint8_t)(uuid[6] | version);
    uuid[8] = (uint8_t)(uuid[8] | variant);
}

static bool uuid_is_all(const uint8_t uuid[16], uint8_t byte)
{
    for (int i = 0; i < 16; i++) {
        if (uuid[i] != byte)
            return false;
    }
    return true;
}

static void uuid_walk(const struct sipkey *key, uint64_t level, uint8_t uuid[16])
{
    uint64_t left, right;

    halves_read(uuid, &left, &right);
    for (unsigned i = 0; i < ROUNDS; i += 2) {
        left ^= round_value(key, PURPOSE_UUID, level, i, right) & HALF_MASK;
        right ^= round_value(key, PURPOSE_UUID, level, i + 1, left) & HALF_MASK;
    }
    halves_write(uuid, left, right);
}

void uuid_permute(const struct sipkey *key, bool keeps_version, uint8_t uuid[16], bool *is_kept)
{
    const uint8_t version = uuid[6] >> 4, variant = uuid[8] >> 6;
    const bool has_time = variant == 2 && (version == 1 || version == 6 || version == 7);

    *is_kept = uuid_is_all(uuid, 0) || uuid_is_all(uuid, 0xff);
    if (*is_kept)
        return;
    do {
        uuid_walk(key, (uint64_t)version << 2 | variant, uuid);
    } while (uuid_is_all(uuid, 0) || uuid_is_all(uuid, 0xff));
    if (has_time && !keeps_version)
        uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
}
