/* Sums of a journal entry times a factor, rounded so that they telescope. */
#include "transform/ledger.h"

#include "transform/scale.h"

#include <string.h>

/* The next word of the text; ptr NULL: none is left. */
static struct span word_take(struct span *text)
{
    const char *end = text->len ? memchr(text->ptr, ' ', text->len) : NULL;
    const uint32_t len = end ? (uint32_t)(end - text->ptr) : text->len;
    const struct span word = len ? span_make(text->ptr, len) : (struct span){0};
    const uint32_t taken = len + (end != NULL);

    *text = span_make(text->ptr + taken, text->len - taken);
    return word;
}

static bool number_take(struct span *text, struct exact *number)
{
    const struct span word = word_take(text);

    return word.ptr && exact_read(word, number);
}

bool ledger_read(struct span text, struct ledger_line *line)
{
    struct exact count;

    if (!text.ptr || !number_take(&text, &count) || !number_take(&text, &line->before) ||
        !number_take(&text, &line->after) || !number_take(&text, &line->smallest) ||
        !number_take(&text, &line->most) || text.len > 0)
        return false;
    if (count.scale != 0 || count.number < 1 || count.number > INT32_MAX ||
        line->smallest.number < 1 || line->most.number < line->smallest.number)
        return false;
    line->count = (int64_t)count.number;
    return line->before.scale == line->after.scale && line->before.scale == line->most.scale &&
           line->before.scale == line->smallest.scale;
}

bool ledger_holds(const struct ledger_line *line, uint64_t factor, uwide limit)
{
    const uwide room = ((uwide)1 << 126) / factor / (LEDGER_LINES_MAX + 1);
    const uwide most = (uwide)line->most.number, smallest = (uwide)line->smallest.number;

    assert(factor > 0 && factor < UINT64_C(1) << 62 && smallest > 0);
    if (most >= room)
        return false;
    /* A line may come out one unit above its product. */
    return smallest * factor >= FACTOR_ONE && most * factor / FACTOR_ONE + 1 <= limit;
}

static wide sum_round(wide sum, uint64_t factor)
{
    const uwide size = sum < 0 ? 0 - (uwide)sum : (uwide)sum;
    const uwide product = (size * factor + FACTOR_ONE / 2) / FACTOR_ONE;

    return sum < 0 ? -(wide)product : (wide)product;
}

struct exact ledger_move(const struct ledger_line *line, uint64_t factor)
{
    if (factor == FACTOR_ONE)
        return (struct exact){line->after.number - line->before.number, line->after.scale};
    return (struct exact){sum_round(line->after.number, factor) -
                              sum_round(line->before.number, factor),
                          line->after.scale};
}
