/* The stretches. Knots stand at whole multiples of a scale S, each displaced by m / 2^16 of S with
 * |m| <= 0.45 * 2^16; between two knots time runs straight:
 *
 *     out = t + floor((m0 * S + (m1 - m0) * p) / 2^16)        p = t - left knot, 0 <= p < S
 *
 * The bracket is continuous over the knots and 2^16 t plus it rises everywhere (slopes 0.1 to 1.9),
 * so its floor never falls: no rounding can reverse two events. All in 64-bit integers: S is at
 * most 2^46 microseconds. The shortest scale comes first: knots crowd their multiples of S, which
 * would show in weekdays and hours if the longer scales did not smear it afterwards. */
#include "transform/warp.h"

#include "transform/params.h"

enum { FRACTION_BITS = 16, KNOT_MAX = 29491 }; /* 0.45 * 2^16 */

static int32_t knot_of(uint64_t hash)
{
    return (int32_t)siphash_below(hash, 2 * KNOT_MAX + 1) - KNOT_MAX;
}

static int64_t stretch(const struct sipkey *key, struct warp_memory *memory, unsigned level,
                       int64_t scale, uint64_t subject, int64_t time)
{
    const int64_t segment = floor_div(time, scale), place = time - segment * scale;
    int64_t moved;

    assert(place >= 0 && place < scale);
    if (!memory->levels[level].is_filled || memory->levels[level].subject != subject ||
        memory->levels[level].segment != segment) {
        const uint64_t head = (uint64_t)level << 8 | PURPOSE_KNOT;
        const uint64_t words[2][3] = {{head, subject, (uint64_t)segment},
                                      {head, subject, (uint64_t)(segment + 1)}};
        uint64_t hashes[2];

        siphash_words_two(key, words[0], words[1], 3, hashes);
        memory->levels[level].subject = subject;
        memory->levels[level].segment = segment;
        memory->levels[level].left = knot_of(hashes[0]);
        memory->levels[level].right = knot_of(hashes[1]);
        memory->levels[level].is_filled = true;
    }

    const int64_t left = memory->levels[level].left, right = memory->levels[level].right;

    moved = left * scale + (right - left) * place;
    return time + floor_div(moved, INT64_C(1) << FRACTION_BITS);
}

int64_t warp_weeks(const struct warp *warp, const struct sipkey *key, uint64_t subject)
{
    const uint64_t words[3] = {PURPOSE_WEEKS, subject, 0};
    const uint64_t span = (uint64_t)(warp->back_high - warp->back_low) + 1;

    return warp->back_low + (int64_t)siphash_below(siphash_words(key, words, 3), span);
}

int64_t warp_apply(const struct warp *warp, const struct sipkey *key, struct warp_memory *memory,
                   uint64_t subject, int64_t time)
{
    const int64_t first = FIRST_DAY * DAY_US;
    int64_t back = warp_weeks(warp, key, subject) * WEEK_US;

    assert(warp->scale_count <= WARP_SCALES_MAX);
    assert(back > 0);
    time = time < INT64_MIN + 2 * back ? first : time - back;
    for (unsigned level = (unsigned)warp->scale_count; level-- > 0;)
        time = stretch(key, memory, level, warp->scales[level], subject, time);
    return time < first ? first : time;
}
