/* Looks names up by script, class and length. */
#include "transform/names_dictionary.h"

#include "base/utf8.h"
#include "base/words.h"
#include "value/fold.h"

#include <string.h>

#include "transform/names_people.inc"
#include "transform/names_places.inc"

/* Fewer names than this would give their bearers away. */
enum { CHOICE_LEAST = 10, KEPT_BYTES = 8, PIECE_BYTES = 4000 };

struct list {
    const struct name_group *groups;
    size_t count;
    enum names_list kin; /* what helps out where names are few */
    const char *const *kept;
    size_t kept_count;
};

/* Sorted by their bytes, as all lists of kept words are. */
static const char *const person_kept[] = {
    "af",   "av",  "bin", "bint", "da",  "das", "de",  "del", "den", "der", "des",  "di",
    "dipl", "do",  "dos", "dr",   "du",  "el",  "esq", "ibn", "ii",  "iii", "im",   "iv",
    "jr",   "la",  "las", "le",   "los", "mme", "mr",  "mrs", "ms",  "phd", "prof", "sr",
    "ten",  "ter", "tot", "van",  "vom", "von", "zu",  "zum", "zur",
};

/* In front of a name these are names themselves (Le, Do, Du). */
static const char *const leading_names[] = {"da", "do", "du", "la", "le", "ten"};

static const struct list lists[] = {
    [NAMES_FIRST] = {first_groups, COUNT_OF(first_groups), NAMES_FAMILY, person_kept,
                     COUNT_OF(person_kept)},
    [NAMES_FAMILY] = {family_groups, COUNT_OF(family_groups), NAMES_FIRST, person_kept,
                      COUNT_OF(person_kept)},
    [NAMES_CITY] = {city_groups, COUNT_OF(city_groups), NAMES_STREET, person_kept,
                    COUNT_OF(person_kept)},
    [NAMES_STREET] = {street_groups, COUNT_OF(street_groups), NAMES_FAMILY, street_kept,
                      COUNT_OF(street_kept)},
    [NAMES_COMPANY] = {company_groups, COUNT_OF(company_groups), NAMES_FAMILY, company_kept,
                       COUNT_OF(company_kept)},
};

static unsigned group_rank(unsigned script, unsigned class, size_t chars)
{
    return script << 16 | class << 8 | (unsigned)(chars > 255 ? 255 : chars);
}

/* The first group of the list that is not before this script, class and length. */
static size_t group_find(const struct list *list, enum script script, unsigned class, size_t chars)
{
    const unsigned wanted = group_rank(script, class, chars);
    size_t low = 0, high = list->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct name_group *group = &list->groups[middle];

        if (group_rank(group->script, group->class, group->chars) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool group_is(const struct name_group *group, enum script script, unsigned class,
                     size_t chars)
{
    return group->script == script && group->class == class && group->chars == chars;
}

static void choice_add(struct names_choice *choice, const struct list *list, enum script script,
                       unsigned class, size_t chars)
{
    for (size_t i = group_find(list, script, class, chars); i < list->count; i++) {
        if (!group_is(&list->groups[i], script, class, chars) ||
            choice->group_count == NAMES_GROUPS_MOST)
            return;
        choice->groups[choice->group_count++] = &list->groups[i];
        choice->count += list->groups[i].count;
    }
}

bool names_choose(enum names_list list, const struct word *word, struct names_choice *choice)
{
    const struct list *own = &lists[list], *kin = &lists[own->kin];
    const size_t shortest = word->chars - word->chars / 4;

    *choice = (struct names_choice){0};
    for (size_t chars = word->chars; chars >= shortest && chars > 0; chars--) {
        for (unsigned class = word->class + 1u; class -- > 0;) {
            choice_add(choice, own, word->script, class, chars);
            if (choice->count >= CHOICE_LEAST)
                return true;
            choice_add(choice, kin, word->script, class, chars);
            if (choice->count >= CHOICE_LEAST)
                return true;
        }
    }
    return false;
}

static struct span group_at(const struct name_group *group, size_t index)
{
    const size_t per_piece = PIECE_BYTES / group->bytes;

    assert(index < group->count);
    return span_make(group->pieces[index / per_piece] + index % per_piece * group->bytes,
                     group->bytes);
}

struct span names_at(const struct names_choice *choice, size_t index)
{
    assert(index < choice->count);
    for (size_t i = 0;; i++) {
        assert(i < choice->group_count);
        if (index < choice->groups[i]->count)
            return group_at(choice->groups[i], index);
        index -= choice->groups[i]->count;
    }
}

bool names_has(enum names_list list, enum script script, struct span name)
{
    const struct list *own = &lists[list];
    const size_t chars = utf8_length(name.ptr, name.len);

    for (size_t i = group_find(own, script, 0, chars); i < own->count; i++) {
        const struct name_group *group = &own->groups[i];
        size_t low = 0, high = group->count;

        if (!group_is(group, script, 0, chars))
            return false;
        while (low < high && group->bytes == name.len) {
            const size_t middle = low + (high - low) / 2;
            const int order = memcmp(group_at(group, middle).ptr, name.ptr, name.len);

            if (order == 0)
                return true;
            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }
    }
    return false;
}

static bool is_leading_name(const char *folded)
{
    for (size_t i = 0; i < COUNT_OF(leading_names); i++)
        if (strcmp(leading_names[i], folded) == 0)
            return true;
    return false;
}

bool names_keeps(enum names_list list, const struct word *word, bool is_first)
{
    const struct list *own = &lists[list];
    const char *next = word->bytes.ptr, *end = word->bytes.ptr + word->bytes.len;
    char folded[4 * KEPT_BYTES + 1];
    size_t len = 0, low = 0, high = own->kept_count;

    if (word->chars >= KEPT_BYTES || word->bytes.len >= KEPT_BYTES)
        return false;
    while (next < end)
        len += utf8_write(folded + len, fold_code_point((uint32_t)utf8_next(&next, end)));
    folded[len] = '\0';
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(own->kept[middle], folded);

        if (order == 0)
            return !is_first || own->kept != person_kept || !is_leading_name(folded);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
