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

struct mark_run {
    uint32_t first, last, step, target, stride;
};

static const struct mark_run mark_runs[] = {
#define MARK(first, last, step, target, stride) {(first), (last), (step), (target), (stride)},
#define MARKS(letter, a, b, c)
#include "value/marks.def"
#undef MARK
#undef MARKS
};

static const struct mark_letters {
    uint32_t letter, targets[3];
} mark_letters[] = {
#define MARK(first, last, step, target, stride)
#define MARKS(letter, a, b, c) {(letter), {(a), (b), (c)}},
#include "value/marks.def"
#undef MARK
#undef MARKS
};

/* Blocks that hold nothing but marks, as far as they belong to scripts of mark_runs. */
static const struct {
    uint32_t first, last;
} mark_blocks[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x1ab0, 0x1ace},
                   {0x1dc0, 0x1dff}, {0x20d0, 0x20f0}, {0x2de0, 0x2dff},
                   {0xa66f, 0xa672}, {0xa674, 0xa67d}, {0xfe20, 0xfe2f}};

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

static bool is_mark(uint32_t code_point)
{
    for (size_t i = 0; i < COUNT_OF(mark_blocks); i++)
        if (code_point >= mark_blocks[i].first && code_point <= mark_blocks[i].last)
            return true;
    return false;
}

static const struct mark_letters *mark_letters_find(uint32_t letter)
{
    for (size_t i = 0; i < COUNT_OF(mark_letters); i++)
        if (mark_letters[i].letter == letter)
            return &mark_letters[i];
    return NULL;
}

static uint32_t mark_drop(uint32_t letter)
{
    size_t low = 0, high = COUNT_OF(mark_runs);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (mark_runs[middle].last < letter)
            low = middle + 1;
        else
            high = middle;
    }
    const struct mark_run *run = low < COUNT_OF(mark_runs) ? &mark_runs[low] : NULL;

    if (!run || letter < run->first || (letter - run->first) % run->step != 0)
        return letter;
    return run->target + run->stride * (letter - run->first);
}

static void code_point_add(uint32_t code_point, struct buf *out)
{
    char bytes[4];

    buf_add(out, bytes, utf8_write(bytes, code_point));
}

static void plain_add(uint32_t code_point, struct buf *out)
{
    const uint32_t letter = fold_code_point(code_point);
    const struct mark_letters *several;

    if (letter < 0x80) {
        buf_add_char(out, (char)letter);
        return;
    }
    if (is_mark(letter))
        return;
    several = mark_letters_find(letter);
    if (!several) {
        code_point_add(mark_drop(letter), out);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(several->targets) && several->targets[i]; i++)
        code_point_add(several->targets[i], out);
}

void fold_marks(struct span text, struct buf *out)
{
    const char *ptr = text.ptr, *end;

    assert(text.ptr && out);
    end = text.ptr + text.len;
    while (ptr < end) {
        const char *start = ptr;
        const int32_t code_point = utf8_next(&ptr, end);

        if (code_point < 0)
            buf_add(out, start, (size_t)(ptr - start));
        else
            plain_add((uint32_t)code_point, out);
    }
}

bool text_is_ascii(struct span text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}
