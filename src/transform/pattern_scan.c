/* Expressions read for what they would let through. */
#include "transform/pattern_scan.h"

#include <string.h>

enum { NEST_MAX = 50 };

/* An open parenthesis. */
struct level {
    bool is_named;   /* a named group itself */
    bool is_around;  /* a look-around, or inside one */
    bool holds_name; /* a named group stands in it */
};

struct reading {
    const char *text, *at;
    struct pattern_scan *scan;
    struct level levels[NEST_MAX + 1];
    unsigned depth;
    unsigned named; /* how many of the open ones are named */
};

static bool refuse(struct reading *reading, const char *problem)
{
    reading->scan->problem = problem;
    reading->scan->place = (size_t)(reading->at - reading->text);
    return false;
}

static void let_through(struct reading *reading)
{
    reading->scan->lets_through |= reading->named == 0;
}

/* `at` stands at the backslash. */
static bool escape_read(struct reading *reading)
{
    const char c = reading->at[1];

    if (c == '\0')
        return refuse(reading, "a backslash stands at the end");
    if ((c >= '1' && c <= '9') || c == 'g' || c == 'k')
        return refuse(reading, "a reference back would repeat what is rewritten");
    if (c == 'K' || c == 'Q' || c == 'E')
        return refuse(reading, "\\K, \\Q and \\E are not taken here");
    if (strchr("dDwWsShHvVRXNpPC", c))
        let_through(reading);
    reading->at += 2;
    return true;
}

/* `at` stands at the bracket. */
static bool class_read(struct reading *reading)
{
    const char *at = reading->at + 1;

    at += *at == '^';
    at += *at == ']';
    while (*at && *at != ']') {
        if (*at == '\\' && at[1]) {
            at += 2;
        } else if (at[0] == '[' && at[1] == ':' && strstr(at, ":]")) {
            at = strstr(at, ":]") + 2;
        } else {
            at++;
        }
    }
    if (!*at)
        return refuse(reading, "a '[' is not closed");
    let_through(reading);
    reading->at = at + 1;
    return true;
}

/* What stands behind "(?": sets the level, and moves behind its head. */
static bool head_read(struct reading *reading, struct level *level)
{
    const char *at = reading->at + 2;

    if (*at == 'P' && at[1] == '<')
        at++;
    if (at[0] == '<' && (at[1] == '=' || at[1] == '!')) {
        level->is_around = true;
        reading->at = at + 2;
        return true;
    }
    if (*at == '<' || *at == '\'') {
        const char *end = strchr(at + 1, *at == '<' ? '>' : '\'');

        level->is_named = true;
        if (!end)
            return refuse(reading, "a group's name does not end");
        reading->at = end + 1;
        return true;
    }
    if (*at == '=' || *at == '!') {
        level->is_around = true;
        reading->at = at + 1;
        return true;
    }
    at += strspn(at, "ims-");
    if (*at != ':' && *at != '>' && *at != ')')
        return refuse(reading, "this kind of group is not taken here");
    /* "(?i)" is left with its ')', which closes the level at once. */
    reading->at = *at == ')' ? at : at + 1;
    return true;
}

static bool group_open(struct reading *reading)
{
    const struct level *above = &reading->levels[reading->depth];
    struct level level = {.is_around = above->is_around};

    if (reading->depth == NEST_MAX)
        return refuse(reading, "groups are nested too deep");
    if (reading->at[1] == '*')
        return refuse(reading, "verbs ('(*') are not taken here");
    if (reading->at[1] != '?')
        reading->at++;
    else if (!head_read(reading, &level))
        return false;
    if (level.is_named && level.is_around)
        return refuse(reading, "a named group stands in a look-around");
    if (level.is_named && reading->named > 0)
        return refuse(reading, "a named group stands in another");
    reading->named += level.is_named;
    level.holds_name = level.is_named;
    reading->levels[++reading->depth] = level;
    return true;
}

static bool group_close(struct reading *reading)
{
    const struct level level = reading->levels[reading->depth];
    const char next = reading->at[1];

    if (reading->depth == 0)
        return refuse(reading, "a ')' closes nothing");
    reading->depth--;
    reading->named -= level.is_named;
    reading->levels[reading->depth].holds_name |= level.holds_name;
    if (level.holds_name && (next == '*' || next == '+' || next == '{'))
        return refuse(reading, "a named group repeats: only its last match could be rewritten");
    reading->at++;
    return true;
}

static bool item_read(struct reading *reading)
{
    switch (*reading->at) {
    case '\\':
        return escape_read(reading);
    case '[':
        return class_read(reading);
    case '(':
        return group_open(reading);
    case ')':
        return group_close(reading);
    case '.':
        let_through(reading);
        break;
    default:
        break;
    }
    reading->at++;
    return true;
}

void pattern_scan(const char *expression, struct pattern_scan *scan)
{
    struct reading reading = {.text = expression, .at = expression, .scan = scan};

    *scan = (struct pattern_scan){.problem = NULL};
    while (*reading.at)
        if (!item_read(&reading))
            return;
    if (reading.depth > 0)
        (void)refuse(&reading, "a '(' is not closed");
}
