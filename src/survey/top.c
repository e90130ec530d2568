/* A number that is pushed out has as many greater ones above it as the list holds, so it never
 * comes back and the counts of those that stay are complete. */
#include "survey/top.h"

#include <string.h>

/* The item of the number, made where it belongs among the greatest; NULL: it does not. */
static struct top_item *item_put(struct top *top, struct marker *marker, double number)
{
    uint32_t at = 0;

    assert(top->count <= TOP_MOST);
    while (at < top->count && top->items[at].number > number)
        at++;
    if (at == TOP_MOST)
        return NULL;
    if (at < top->count && top->items[at].number == number)
        return &top->items[at];
    if (top->count == TOP_MOST)
        trait_drop(marker, &top->items[TOP_MOST - 1].trait);
    else
        top->count++;
    memmove(&top->items[at + 1], &top->items[at], (top->count - 1 - at) * sizeof(*top->items));
    top->items[at] = (struct top_item){.number = number};
    return &top->items[at];
}

bool top_insert(struct top *top, struct marker *marker, double number, uint32_t row,
                struct error *err)
{
    struct top_item *item = item_put(top, marker, number);

    assert(number == number);
    return !item || trait_add(marker, &item->trait, row, err);
}

bool top_merge(struct top *top, struct marker *marker, const struct top *from, struct error *err)
{
    assert(top != from);
    for (uint32_t i = 0; i < from->count; i++) {
        struct top_item *item = item_put(top, marker, from->items[i].number);

        if (item && !trait_merge(marker, &item->trait, &from->items[i].trait, err))
            return false;
    }
    return true;
}
