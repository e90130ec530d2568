/* Code points by script and class. */
#include "transform/letters.h"

#include "base/words.h"

struct run {
    uint32_t first;
    uint16_t count, class, base;
};

struct class
{
    uint32_t first, count;
    enum letter_kind kind;
    uint16_t start, runs;
};

#include "transform/letters.inc"

/* The first run that ends at or behind the code point; COUNT_OF(runs): none does. */
static size_t run_find(uint32_t code_point)
{
    size_t low = 0, high = COUNT_OF(runs);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (runs[middle].first + runs[middle].count <= code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What lies between two runs, as far as it lies in one block of 32. */
static bool letter_of_gap(uint32_t code_point, size_t next, struct letter *letter)
{
    uint32_t first = code_point & ~31u, last = code_point | 31u;

    if (next > 0 && runs[next - 1].first + runs[next - 1].count > first)
        first = runs[next - 1].first + runs[next - 1].count;
    if (next < COUNT_OF(runs) && runs[next].first <= last)
        last = runs[next].first - 1;
    assert(first <= code_point && code_point <= last);
    *letter = (struct letter){first, last - first + 1, code_point - first, 0, LETTER_PLAIN};
    return letter->count > 1;
}

bool letter_find_wide(uint32_t code_point, struct letter *letter)
{
    const size_t at = run_find(code_point);

    assert(code_point >= 0x80);
    if (at == COUNT_OF(runs) || runs[at].first > code_point)
        return letter_of_gap(code_point, at, letter);
    if (runs[at].class == 0)
        return false;

    const struct class *class = &classes[runs[at].class];

    *letter =
        (struct letter){class->first, class->count, runs[at].base + code_point - runs[at].first,
                        runs[at].class, class->kind};
    assert(letter->index < letter->count);
    return true;
}

uint32_t letter_at_wide(const struct letter *letter, uint32_t index)
{
    const struct class *class = &classes[letter->class];
    size_t low = 0, high = class->runs;

    assert(letter->class < COUNT_OF(classes) && index < class->count);
    /* The last of the class's runs that begins at or before the index. */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (runs[members[class->start + middle]].base <= index)
            low = middle;
        else
            high = middle;
    }

    const struct run *run = &runs[members[class->start + low]];

    assert(index - run->base < run->count);
    return run->first + (index - run->base);
}

/* Characters of ASCII from `at` on; returns the first that is not, or `end`. Nearly all
 * of its time is SipHash. */
static char *ascii_draw(char *at, const char *end, struct stream *stream, struct drawn *drawn)
{
    for (; at < end && (unsigned char)*at < 0x80; at++) {
        const bool is_digit = *at >= '0' && *at <= '9';
        const bool is_lower = *at >= 'a' && *at <= 'z';

        if (!is_digit && !is_lower && !(*at >= 'A' && *at <= 'Z'))
            continue;
        if (end - at > 3)
            stream_look_ahead(stream);

        const char first = is_digit ? '0' : is_lower ? 'a' : 'A';
        const char letter = (char)(first + (char)stream_below(stream, is_digit ? 10 : 26));

        drawn->found++;
        drawn->changed += letter != *at;
        *at = letter;
    }
    return at;
}

struct drawn letters_draw(char *text, size_t len, struct stream *stream)
{
    const char *next = text, *end = text + len;
    struct drawn drawn = {0, 0};

    while ((next = ascii_draw(text + (next - text), end, stream, &drawn)) < end) {
        char *at = text + (next - text);
        int32_t code_point = utf8_next(&next, end);
        struct letter letter;

        if (code_point < 0) {
            const char byte = (char)(0x80 + stream_below(stream, 64));

            drawn.found++;
            drawn.changed += byte != *at;
            *at = byte;
            continue;
        }
        if (!letter_find((uint32_t)code_point, &letter))
            continue;

        const uint32_t index = stream_below(stream, letter.count);
        const size_t size = utf8_write(at, letter_at(&letter, index));

        assert(size == (size_t)(next - at));
        UNUSED(size);
        drawn.found++;
        drawn.changed += index != letter.index;
    }
    return drawn;
}

size_t letters_scramble(char *text, size_t len, struct stream *stream)
{
    struct drawn drawn = letters_draw(text, len, stream);

    /* An unchanged text is still the one that came in. */
    while (drawn.found > 0 && drawn.changed == 0)
        drawn = letters_draw(text, len, stream);
    return drawn.found;
}
