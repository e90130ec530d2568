/* What `understudy help transforms` and `help transform NAME` say, all of it from the registry. */
#include "api_help.h"

#include <stdio.h>
#include <string.h>

enum { LEFT_COLUMNS = 15, PARAM_COLUMNS = 26, LEFT_MAX = 256, TEXT_MAX = 400 };

void help_add_rules(struct buf *out)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    for (size_t i = 0; i < count; i++)
        help_add_row(out, 16, rows[i]->name, rows[i]->summary);
    buf_add_char(out, '\n');
    help_add_paragraph(out, "`understudy help transform NAME` says what a rule works on, keeps and "
                            "promises. Only 'keep' copies values. Every rule also takes 'review', "
                            "'when', 'domain', 'tenant' and 'accept_risk': `understudy help "
                            "profile`.");
}

static const char *const uniqueness_words[] = {
    [UNIQUENESS_PRESERVED] = "distinct values stay distinct: fit for unique columns and keys",
    [UNIQUENESS_NOT_GUARANTEED] =
        "distinct values may become equal: refused on unique columns and keys",
    [UNIQUENESS_LOSSY] = "many values become one: refused on unique columns and keys",
};

/* What the bits of a set are called, the lowest first, and what is said after the last. */
struct bit_words {
    const char *const *words;
    size_t count;
    const char *end; /* or NULL */
};
#define BIT_WORDS(array, end) ((struct bit_words){(array), COUNT_OF(array), (end)})

static const char *const kind_words[] = {
#define KIND(name, word, form) word,
#include "catalog/kind.def"
#undef KIND
};

static const char *const property_words[] = {"NULL", "equality",  "length", "script",  "shape",
                                             "sign", "magnitude", "order",  "calendar"};
_Static_assert(PROPERTY_ALL == (1u << COUNT_OF(property_words)) - 1, "a word for each property");

static const char *const need_words[] = {"the row's subject", "the row's key",
                                         "other columns of the row", "the other rows of its group"};
_Static_assert(NEED_GROUP == 1u << (COUNT_OF(need_words) - 1), "a word for each need");

/* A row of the words of the bits that are set, and what stands behind them; no row where none is.
 */
static void add_set(struct buf *out, const char *left, unsigned bits, struct bit_words names)
{
    struct buf text;

    assert(names.count < 32 && bits >> names.count == 0);
    buf_init(&text, HELP_CEILING);
    for (size_t bit = 0; bit < names.count; bit++)
        if (bits >> bit & 1u)
            buf_add_format(&text, "%s%s", text.len == 0 ? "" : ", ", names.words[bit]);
    if (names.end && text.len > 0)
        buf_add_text(&text, names.end);
    if (!buf_ok(&text))
        out->failed = true;
    if (bits != 0)
        help_add_row(out, LEFT_COLUMNS, left, buf_text(&text));
    buf_release(&text);
}

/* Arrays and ranges go to such a rule part by part. */
static const char *containers(const struct transform *transform)
{
    const unsigned bounds = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_DATE) |
                            KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT);

    if (transform->is_whole)
        return "; arrays and ranges of these";
    return transform->accepts & bounds ? "; arrays and ranges of these, part by part"
                                       : "; arrays of these, part by part";
}

static const char *leak_words(const struct transform *transform)
{
    if (!transform->is_dense)
        return "its values are sought in the new database before the swap";
    if (!transform->identifies)
        return "in its columns other values may turn up by chance; more than chance fails";
    return "its values are sought in the new database before the swap; in its own columns others "
           "may turn up by chance, and more than chance fails";
}

static void add_guards(struct buf *out, const struct transform *transform)
{
    if (transform->is_semantic)
        help_add_row(out, LEFT_COLUMNS, "mapping",
                     "one for all columns of the rule that refer to no other");
    if (transform->identifies || transform->is_dense)
        help_add_row(out, LEFT_COLUMNS, "leak check", leak_words(transform));
    if (transform->risk) {
        char text[TEXT_MAX];

        (void)snprintf(text, sizeof(text), "needed for %s", transform->risk);
        help_add_row(out, LEFT_COLUMNS, "accept_risk", text);
    }
}

static void add_param(struct buf *out, const char *name, const char *form, const char *help)
{
    char left[LEFT_MAX];

    (void)snprintf(left, sizeof(left), "%s: %s", name, form);
    help_add_row(out, PARAM_COLUMNS, left, help);
}

static void add_params(struct buf *out, const struct transform *transform)
{
    static const char *const pers[] = {"value", "subject", "row"};
    char form[LEFT_MAX] = "";

    if (transform->param_count + transform->pers == 0)
        return;
    buf_add_text(out, "\nparameters:\n");
    for (size_t i = 0; i < transform->param_count; i++)
        add_param(out, transform->params[i].name, transform->params[i].form,
                  transform->params[i].help);
    for (size_t i = 0; i < COUNT_OF(pers); i++) {
        size_t used = strlen(form);

        if (transform->pers & PER_BIT(i))
            (void)snprintf(form + used, sizeof(form) - used, "%s%s", used ? " | " : "", pers[i]);
    }
    if (transform->pers != 0)
        add_param(out, "per", form,
                  "equal values become different ones for each subject, or row; not on unique "
                  "columns and keys");
}

void help_add_rule(struct buf *out, const struct transform *transform)
{
    const char *uniqueness = transform->uniqueness_here ? transform->uniqueness_here
                                                        : uniqueness_words[transform->uniqueness];

    assert(out && transform);
    buf_add_format(out, "%s: ", transform->name);
    help_add_wrapped(out, transform->summary, 0, strlen(transform->name) + 1);
    buf_add_char(out, '\n');
    add_set(out, "works on", transform->accepts, BIT_WORDS(kind_words, containers(transform)));
    help_add_row(out, LEFT_COLUMNS, "uniqueness", uniqueness);
    add_set(out, "keeps", transform->preserves, BIT_WORDS(property_words, NULL));
    add_set(out, "needs", transform->needs, BIT_WORDS(need_words, NULL));
    add_guards(out, transform);
    buf_add_char(out, '\n');
    help_add_paragraph(out, transform->guarantee);
    add_params(out, transform);
    buf_add_text(out, "\nexample, of a column under its table:\n");
    help_add_indented(out, transform->example, 2);
}
