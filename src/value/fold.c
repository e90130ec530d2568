/* Lower case of text by a table of ranges, searched by halves; ASCII needs no table. */
#include "value/fold.h"
#include "base/words.h"

struct fold_range {
    uint32_t first, last, step;
    int32_t difference;
};

static const struct fold_range ranges[] = {
#define FOLD(first, last, step, difference) {(first), (last), (step), (difference)},
#include "value/fold.def"
#undef FOLD
};

uint32_t fold_code_point(uint32_t code_point)
{
    size_t low = 0, high = COUNT_OF(ranges);

    if (code_point < 0x80)
        return code_point >= 'A' && code_point <= 'Z' ? code_point + ('a' - 'A') : code_point;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fold_range *range = &ranges[middle];

        assert(range->first <= range->last && range->step > 0);
        if (code_point > range->last)
            low = middle + 1;
        else if (code_point < range->first)
            high = middle;
        else if ((code_point - range->first) % range->step == 0)
            return (uint32_t)((int32_t)code_point + range->difference);
        else
            return code_point;
    }
    return code_point;
}

uint32_t fold_upper(uint32_t code_point)
{
    if (code_point < 0x80)
        return code_point >= 'a' && code_point <= 'z' ? code_point - ('a' - 'A') : code_point;
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        const struct fold_range *range = &ranges[i];
        const uint32_t upper = (uint32_t)((int32_t)code_point - range->difference);

        if (upper >= range->first && upper <= range->last &&
            (upper - range->first) % range->step == 0)
            return upper;
    }
    return code_point;
}

void fold_text(struct span text, struct buf *out)
{
    const char *ptr = text.ptr, *end;

    assert(text.ptr && out);
    end = text.ptr + text.len;
    while (ptr < end) {
        const char *start = ptr;
        int32_t code_point = utf8_next(&ptr, end);
        char bytes[4];

        assert(ptr > start && ptr <= end);
        if (code_point < 0)
            buf_add(out, start, (size_t)(ptr - start));
        else
            buf_add(out, bytes, utf8_write(bytes, fold_code_point((uint32_t)code_point)));
    }
}
