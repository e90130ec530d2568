/* The stretches. Knots stand at whole multiples of a scale S, each displaced by m / 2^16 of S with
 * |m| <= 0.45 * 2^16; between two knots time runs straight:
 *
 *     out = t + floor((m0 * S + (m1 - m0) * p) / 2^16)        p = t - left knot, 0 <= p < S
 *
 * The bracket is continuous over the knots and 2^16 t plus it rises everywhere (slopes 0.1 to 1.9),
 * so its floor never falls: no rounding can reverse two events. S is at most 2^46 microseconds.
 * With a week's profile all this happens in its activity time, which counts 1024ths of a
 * microsecond, since an hour of the clock may be as short as 72 seconds there. The shortest scale
 * comes first: knots crowd their multiples of S, which would show in weekdays and hours if the
 * longer scales did not smear it afterwards. Knots stand where they would if the weeks back came
 * last, so that those smear the longest scale: with knots at the same dates for all, months
 * differed by .046 instead of .008. */
#include "transform/warp.h"

#include "transform/params.h"

enum { FRACTION_BITS = 16, KNOT_MAX = 29491 }; /* 0.45 * 2^16 */

static int32_t knot_of(uint64_t hash)
{
    return (int32_t)siphash_below(hash, 2 * KNOT_MAX + 1) - KNOT_MAX;
}

struct stretching {
    const struct warp *warp;
    const struct sipkey *key;
    struct warp_memory *memory;
    uint64_t subject;
};

static struct moment stretch(const struct stretching *stretching, unsigned level,
                             struct moment time)
{
    struct warp_memory *memory = stretching->memory;
    const uint64_t subject = stretching->subject;
    const int64_t scale = stretching->warp->scales[level];
    const int64_t clock = time.us + memory->phases[level];
    /* A division takes longer than to look whether the last segment still holds. */
    const int64_t last = memory->levels[level].segment * scale;
    const bool is_last = (uint64_t)clock - (uint64_t)last < (uint64_t)scale;
    const int64_t segment = is_last ? memory->levels[level].segment : floor_div(clock, scale);
    const int64_t place = clock - segment * scale;

    assert(place >= 0 && place < scale);
    if (!memory->levels[level].is_filled || memory->levels[level].subject != subject ||
        memory->levels[level].segment != segment) {
        const uint64_t head = (uint64_t)level << 8 | PURPOSE_KNOT;
        const uint64_t words[2][3] = {{head, subject, (uint64_t)segment},
                                      {head, subject, (uint64_t)(segment + 1)}};
        uint64_t hashes[2];

        siphash_words_two(stretching->key, words[0], words[1], 3, hashes);
        memory->levels[level].subject = subject;
        memory->levels[level].segment = segment;
        memory->levels[level].left = knot_of(hashes[0]);
        memory->levels[level].right = knot_of(hashes[1]);
        memory->levels[level].is_filled = true;
    }

    const int64_t left = memory->levels[level].left, right = memory->levels[level].right;

    const wide fine = (wide)place << WEEK_PART_BITS | time.part;
    const wide moved = (wide)(left * scale) * (1 << WEEK_PART_BITS) + (right - left) * fine;
    const int64_t parts = (int64_t)(moved >> FRACTION_BITS) + time.part;

    return (struct moment){time.us + (parts >> WEEK_PART_BITS),
                           (uint32_t)parts & ((1u << WEEK_PART_BITS) - 1)};
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
    const struct stretching stretching = {warp, key, memory, subject};
    struct moment moment;

    assert(warp->scale_count <= WARP_SCALES_MAX);
    if (memory->weeks == 0 || memory->subject != subject) {
        memory->weeks = warp_weeks(warp, key, subject);
        memory->subject = subject;
        for (size_t level = 0; level < warp->scale_count; level++)
            memory->phases[level] = memory->weeks * WEEK_US % warp->scales[level];
    }
    assert(memory->weeks > 0);

    const int64_t back = memory->weeks * WEEK_US;

    time = time < first ? first : time - back;
    moment = warp->week ? week_enter(warp->week, time) : (struct moment){time, 0};
    for (unsigned level = (unsigned)warp->scale_count; level-- > 0;) {
        moment = stretch(&stretching, level, moment);
        if (!warp->week)
            moment.part = 0;
    }
    time = warp->week ? week_leave(warp->week, moment) : moment.us;
    return time < first ? first : time;
}
