/* Texts that UTF-8 does not hold, told from others and taken apart. */
#include "value/my_opaque.h"

#define MARK '\xff'

/* MariaDB takes any byte for ASCII. */
static bool is_broken_ascii(const struct type *type, struct span cell)
{
    if (!type->charset || strcmp(type->charset, "ascii") != 0)
        return false;
    for (uint32_t i = 0; i < cell.len; i++)
        if ((unsigned char)cell.ptr[i] >= 0x80)
            return true;
    return false;
}

bool my_is_opaque(const struct type *type, struct span cell)
{
    const unsigned texts = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_ENUM) | KIND_BIT(KIND_JSON);

    return cell.len > 0 && cell.ptr && (texts & KIND_BIT(type->kind)) &&
           (cell.ptr[0] == MARK || is_broken_ascii(type, cell));
}

bool my_opaque_split(struct span cell, struct my_opaque *parts)
{
    const char *name, *colon, *second;

    assert(cell.len > 0);
    if (cell.ptr[0] != MARK)
        return false;
    name = cell.ptr + 1;
    colon = memchr(name, ':', cell.len - 1);
    if (!colon)
        return false;
    const size_t left = cell.len - (size_t)(colon + 1 - cell.ptr);

    second = memchr(colon + 1, MARK, left);
    if (!second || second == colon + 1 || second[-1] != ' ')
        return false;
    *parts = (struct my_opaque){
        .charset = span_make(name, (size_t)(colon - name)),
        .legible = span_make(colon + 1, (size_t)(second - 1 - (colon + 1))),
        .bytes = span_make(second + 1, cell.len - (size_t)(second + 1 - cell.ptr)),
    };
    return true;
}

bool my_opaque_read(const struct type *type, struct span cell, struct span *legible)
{
    struct my_opaque parts;

    if (!my_is_opaque(type, cell))
        return false;
    *legible = my_opaque_split(cell, &parts) ? parts.legible : SPAN_LITERAL("\xef\xbf\xbd");
    return true;
}
