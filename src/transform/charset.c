/* Characters that a set lacks, and what stands for them. */
#include "transform/charset.h"

#include "base/words.h"
#include "transform/letters.h"
#include "transform/params.h"

#define LAST_OF_THREE_BYTES 0xffffu

/* What a set holds beyond ASCII, as far as letters and common signs go. */
static const struct charset_run {
    const char *charset;
    uint32_t first, last;
} runs[] = {
    {"utf8mb3", 0x80, LAST_OF_THREE_BYTES},
    {"utf8", 0x80, LAST_OF_THREE_BYTES},
    {"ucs2", 0x80, LAST_OF_THREE_BYTES},
    {"latin1", 0xa0, 0xff},
    {"cp1251", 0x410, 0x44f},
    {"koi8r", 0x410, 0x44f},
    {"koi8u", 0x410, 0x44f},
    {"cp866", 0x410, 0x44f},
    {"greek", 0x3ac, 0x3ce},
    {"greek", 0x391, 0x3a1},
    {"hebrew", 0x5d0, 0x5ea},
    {"cp1256", 0x621, 0x63a},
};

bool charset_is_narrow(const struct type *type)
{
    static const char *const whole[] = {"utf8mb4", "utf16", "utf16le", "utf32", "gb18030"};
    const char *charset = type_ground(type)->charset;

    if (!charset || type_ground(type)->kind != KIND_TEXT)
        return false;
    for (size_t i = 0; i < COUNT_OF(whole); i++)
        if (strcmp(charset, whole[i]) == 0)
            return false;
    return true;
}

static bool is_held(const char *charset, struct span before, struct span character)
{
    const char *next = character.ptr;
    const int32_t code_point = utf8_next(&next, character.ptr + character.len);

    if (code_point >= 0 && code_point < 0x80)
        return true;
    for (size_t i = 0; i < COUNT_OF(runs) && code_point >= 0; i++)
        if (strcmp(runs[i].charset, charset) == 0 && (uint32_t)code_point >= runs[i].first &&
            (uint32_t)code_point <= runs[i].last)
            return true;
    return before.len >= character.len &&
           memmem(before.ptr, before.len, character.ptr, character.len) != NULL;
}

static char stand_in(struct span character)
{
    const char *next = character.ptr;
    const int32_t code_point = utf8_next(&next, character.ptr + character.len);
    struct letter letter;

    if (code_point < 0 || !letter_find((uint32_t)code_point, &letter))
        return '-';
    if (letter.kind == LETTER_DIGIT)
        return (char)('0' + letter.index % 10);
    return (char)((letter.kind == LETTER_UPPER ? 'A' : 'a') + letter.index % 26);
}

struct span charset_fit(const struct type *type, struct span before, struct span after,
                        struct arena *arena, bool *is_changed)
{
    const char *charset = type_ground(type)->charset;
    const char *next = after.ptr, *end = after.ptr + after.len;
    char *text = NULL;
    size_t len = 0;

    *is_changed = false;
    while (next < end) {
        const char *start = next;
        const int32_t code_point = utf8_next(&next, end);
        const struct span character = span_make(start, (size_t)(next - start));
        const bool is_well =
            (code_point >= 0 && code_point < 0x80) || is_held(charset, before, character);

        if (!is_well && !text) {
            text = arena_alloc(arena, after.len);
            if (!text)
                return (struct span){NULL, 0};
            len = (size_t)(start - after.ptr);
            memcpy(text, after.ptr, len);
        }
        if (!text)
            continue;
        if (is_well)
            memcpy(text + len, start, character.len);
        else
            text[len] = stand_in(character);
        len += is_well ? character.len : 1;
    }
    *is_changed = text != NULL;
    return text ? span_make(text, len) : after;
}
