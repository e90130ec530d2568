/* Looks words up in the dictionaries that names are taken from. */
#include "detect/known.h"

struct name_group {
    uint8_t chars, bytes;
    uint16_t count;
    const char *names; /* count rows of bytes + 1 */
};

#include "transform/names_latin.inc"

#define NAME_BYTES_MAX 32
#define NAME_BYTES_MIN 3 /* shorter ones are words of anything */

static bool is_in_group(const struct name_group *group, struct span name)
{
    for (size_t i = 0; i < group->count; i++)
        if (memcmp(group->names + i * (group->bytes + 1u), name.ptr, name.len) == 0)
            return true;
    return false;
}

static bool is_known(const struct name_group *groups, size_t count, struct span name)
{
    if (name.len < NAME_BYTES_MIN || name.len > NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (groups[i].bytes == name.len && is_in_group(&groups[i], name))
            return true;
    return false;
}

bool known_is_given(struct span text)
{
    return is_known(first_groups, COUNT_OF(first_groups), text);
}

bool known_is_family(struct span text)
{
    return is_known(family_groups, COUNT_OF(family_groups), text);
}

bool known_has_name(struct span text)
{
    const char *at = text.ptr, *end = text.ptr + text.len;

    while (at < end) {
        const char *blank = memchr(at, ' ', (size_t)(end - at));
        const char *stop = blank ? blank : end;
        if (stop > at && known_is_given(span_make(at, (size_t)(stop - at))))
            return true;
        at = stop + 1;
    }
    return false;
}
