/* UTF-8 read and written one code point at a time. */
#include "base/utf8.h"

/* How many bytes follow the lead byte, and the least code point that needs so many. */
static int lead_read(unsigned char lead, uint32_t *code_point, uint32_t *least)
{
    if (lead >= 0xc2 && lead <= 0xdf) {
        *code_point = lead & 0x1fu;
        *least = 0x80;
        return 1;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        *code_point = lead & 0x0fu;
        *least = 0x800;
        return 2;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        *code_point = lead & 0x07u;
        *least = 0x10000;
        return 3;
    }
    return 0;
}

int32_t utf8_next_wide(const char **ptr, const char *end)
{
    assert(*ptr < end);
    const char *next = *ptr;
    unsigned char lead = (unsigned char)*next++;
    uint32_t code_point = 0;
    uint32_t least = 0;

    *ptr = next;
    if (lead < 0x80)
        return lead;
    int more = lead_read(lead, &code_point, &least);
    if (more == 0 || end - next < more)
        return -1;
    for (int i = 0; i < more; i++) {
        unsigned char byte = (unsigned char)next[i];
        if ((byte & 0xc0) != 0x80)
            return -1;
        code_point = code_point << 6 | (byte & 0x3fu);
    }
    if (code_point < least || code_point > 0x10ffff ||
        (code_point >= 0xd800 && code_point <= 0xdfff))
        return -1;
    *ptr = next + more;
    return (int32_t)code_point;
}

size_t utf8_write(char *out, uint32_t code_point)
{
    assert(code_point <= 0x10ffff);
    assert(code_point < 0xd800 || code_point > 0xdfff);
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(leads[more] | code_point >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (code_point >> 6 * (more - i) & 0x3f));
    return more + 1;
}

size_t utf8_length(const char *text, size_t len)
{
    const char *end = text + len;
    size_t count = 0;

    while (text < end) {
        utf8_next(&text, end);
        count++;
    }
    return count;
}

bool utf8_valid(const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end)
        if (utf8_next(&text, end) < 0)
            return false;
    return true;
}

size_t utf8_cut(const char *text, size_t len)
{
    size_t start = len;
    uint32_t code_point;
    uint32_t least;

    while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return len;
    size_t more = (size_t)lead_read((unsigned char)text[start - 1], &code_point, &least);
    return more > len - start ? start - 1 : len;
}
