/* Keyed numbers from values: each SipHash input begins with what it is for, so that no two uses
 * of one domain key ever hash the same message. Inline, because it runs for every cell. */
#ifndef UNDERSTUDY_TRANSFORM_SEED_H
#define UNDERSTUDY_TRANSFORM_SEED_H

#include "base/buf.h"
#include "transform/transform.h"

enum purpose {
    PURPOSE_TABLE = 1,
    PURPOSE_FEISTEL,
    PURPOSE_UUID,
    PURPOSE_FORM,
    PURPOSE_VALUE,
    PURPOSE_STREAM,
    PURPOSE_KNOT,
    PURPOSE_WEEKS,
    PURPOSE_BLOCK,
    PURPOSE_ROW,
    PURPOSE_GROUP,
    PURPOSE_BITS,
    PURPOSE_KEY
};

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

/* Hashes values of one call. Holds a buffer that is reused from value to value. */
struct seeder {
    const struct transform_call *call;
    bool folds_case; /* letters A to Z count as a to z */
    struct buf bytes;
};

void seeder_init(struct seeder *seeder, const struct transform_call *call);
void seeder_release(struct seeder *seeder);
/* 64 keyed bits of the value's canonical form (with the row's subject or identity where the rule is
 * `per` them); `level` separates several numbers of one value. Sets `failed` in seeder->bytes when
 * memory ends. */
uint64_t seeder_value(struct seeder *seeder, const struct value *value, uint32_t row,
                      uint64_t level);
/* The key of everything that one row's value is exchanged by: the domain's, or one of the row's
 * subject or identity where the rule is `per` them. */
struct sipkey call_key(const struct transform_call *call, uint32_t row);
/* The canonical form alone; good until the next call. */
struct span seeder_canonical(struct seeder *seeder, const struct value *value);
bool seeder_ok(const struct seeder *seeder, struct error *err);

/* An endless run of keyed choices from one seed. */
struct stream {
    const struct sipkey *key;
    uint64_t seed, count, bits;
    uint64_t ahead[2]; /* what the next calls of stream_next will return */
    uint8_t ahead_count;
    bool has_half;
};

static inline struct stream stream_make(const struct sipkey *key, uint64_t seed)
{
    return (struct stream){.key = key, .seed = seed};
}

static inline uint64_t stream_next(struct stream *stream)
{
    const uint64_t words[3] = {PURPOSE_STREAM, stream->seed, stream->count++};

    if (stream->ahead_count == 0)
        return siphash_words(stream->key, words, 3);
    return stream->ahead[--stream->ahead_count];
}

/* Says that three or more choices are likely to follow: changes none of them, but two hashes made
 * together take little longer than one. */
static inline void stream_look_ahead(struct stream *stream)
{
    if (stream->has_half || stream->ahead_count > 0)
        return;
    const uint64_t words[2][3] = {{PURPOSE_STREAM, stream->seed, stream->count + 1},
                                  {PURPOSE_STREAM, stream->seed, stream->count}};

    siphash_words_two(stream->key, words[0], words[1], 3, stream->ahead);
    stream->ahead_count = 2;
}

/* A choice in [0, bound), bound at most 2^24: 32 bits each, two from one hash. */
static inline uint32_t stream_below(struct stream *stream, uint32_t bound)
{
    assert(bound > 0 && bound <= 1u << 24);
    stream->bits = stream->has_half ? stream->bits >> 32 : stream_next(stream);
    stream->has_half = !stream->has_half;
    return (uint32_t)((uint64_t)(uint32_t)stream->bits * bound >> 32);
}

#endif
