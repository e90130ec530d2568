/* text_form: texts whose characters are unlike those of their column (letters of another script,
 * emoji, quotes, blanks at the ends, upper case where lower is the rule, numbers in disguise, the
 * word null), and shapes that few have: an e-mail address without @, a postcode with letters. */
#include "survey/characters.h"
#include "survey/groups.h"
#include "survey/symbols.h"
#include "survey/text_classes.h"

enum {
    SHAPES_MAX = 4096,
    SHAPE_TEXT_MAX = 80, /* longer texts are prose: they have no shape */
    SHAPE_SHOWN = 40
};

/* What was found out of a fine symbol once. */
struct memo {
    bool is_known;
    uint32_t shape; /* index of its group plus one; 0: none */
    uint64_t classes;
};

struct forms {
    const struct survey_column *column;
    struct trait classes[TEXT_CLASS_COUNT];
    struct groups shapes;
    struct memo memos[SYMBOL_COUNT];
};

struct text_forms {
    struct marker marker; /* first */
    size_t count;
    struct forms *forms;
};

static bool is_wanted(const struct survey_column *column)
{
    return column->form == FORM_TEXT && !column->is_ignored && !column->is_reference;
}

static bool text_form_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct text_forms), &picked, opened, err))
        return false;
    struct text_forms *texts = *opened;
    if (!texts)
        return true;
    texts->forms = ARENA_ARRAY(texts->marker.arena, picked.count, struct forms);
    if (!texts->forms)
        return error_memory(err);
    for (; texts->count < picked.count; texts->count++) {
        texts->forms[texts->count].column = picked.columns[texts->count];
        groups_init(&texts->forms[texts->count].shapes, SHAPES_MAX);
    }
    return true;
}

/* The index of the shape's group plus one; 0 where the text has none. */
static bool shape_put(struct forms *forms, struct marker *marker, struct span text, uint32_t *shape,
                      struct error *err)
{
    char letters[SHAPE_TEXT_MAX];
    struct group *group;
    struct span name;

    *shape = 0;
    if (text.len == 0 || text.len > SHAPE_TEXT_MAX || forms->shapes.is_full)
        return true;
    name = span_make(letters, characters_shape(text, letters));
    if (!groups_put(&forms->shapes, marker, survey_cell_hash(name), name, &group, err))
        return false;
    assert(name.len > 0 && name.len <= text.len);
    if (group)
        *shape = (uint32_t)(group - forms->shapes.items) + 1;
    return true;
}

static bool text_add(struct forms *forms, struct marker *marker, const struct survey_cells *cells,
                     uint32_t row, struct error *err)
{
    const uint8_t symbol = cells->symbols ? cells->symbols[row] : 0;
    struct memo own = {0};
    struct memo *memo = symbol >= SYMBOL_FINE ? &forms->memos[symbol] : &own;

    assert(symbol < SYMBOL_COUNT && cells->texts);
    if (!memo->is_known) {
        memo->is_known = true;
        memo->classes = text_classes(cells->texts[row]);
        if (!shape_put(forms, marker, cells->texts[row], &memo->shape, err))
            return false;
    }
    for (uint64_t left = memo->classes; left; left &= left - 1)
        if (!trait_add(marker, &forms->classes[__builtin_ctzll(left)], row, err))
            return false;
    return memo->shape == 0 || forms->shapes.is_full ||
           trait_add(marker, &forms->shapes.items[memo->shape - 1].trait, row, err);
}

static bool text_form_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct text_forms *texts = state;

    texts->marker.batch = batch;
    for (size_t i = 0; i < texts->count; i++) {
        struct forms *forms = &texts->forms[i];
        const struct survey_cells *cells = &batch->columns[forms->column->index];

        for (uint32_t row = 0; row < batch->rows; row++)
            if (!cells->is_null[row] && !text_add(forms, &texts->marker, cells, row, err))
                return false;
    }
    return true;
}

static bool text_form_merge(void *state, void *from, struct error *err)
{
    struct text_forms *texts = state, *other = from;

    assert(texts->count == other->count);
    for (size_t i = 0; i < texts->count; i++)
        if (!traits_merge(&texts->marker, texts->forms[i].classes, other->forms[i].classes,
                          TEXT_CLASS_COUNT, err) ||
            !groups_merge(&texts->forms[i].shapes, &texts->marker, &other->forms[i].shapes, err))
            return false;
    return true;
}

/* Where a shape stands for letters or digits it says what they were among; of signs alone it is the
 * value itself, or nearly so. */
static bool is_telling(struct span shape)
{
    for (uint32_t i = 0; i < shape.len; i++)
        if (memchr("aA9u", shape.ptr[i], 4))
            return true;
    return false;
}

/* Signs of a shape are signs of a value: only a short one that holds others is shown. Bytes that
 * could disturb a terminal are not in it (see characters_shape). */
static bool yield_shape(struct forms *forms, uint32_t at, struct strata *strata,
                        const struct survey_table *table, struct error *err)
{
    struct group *group = &forms->shapes.items[at];
    struct stratum_draft draft = trait_draft(&group->trait, forms->column, PROPERTY_SHAPE);
    const char *title = column_title(table, forms->column);

    assert(at < forms->shapes.count && group->trait.rows > 0);
    if (group->name.ptr && !is_telling(group->name))
        return strata_add(strata, &draft, err, "%s has a shape of signs alone (%u)", title, at + 1);
    if (group->name.ptr && group->name.len <= SHAPE_SHOWN)
        return strata_add(strata, &draft, err, "%s has the shape '%.*s'", title,
                          (int)group->name.len, group->name.ptr);
    return strata_add(strata, &draft, err, "%s has a long shape that few have (%u)", title, at + 1);
}

static bool yield_shapes(struct forms *forms, struct marker *marker, struct strata *strata,
                         struct error *err)
{
    struct trait single = {0};
    struct stratum_draft draft;
    uint32_t count;

    if (forms->shapes.is_full)
        return strata_gap(strata, forms->column, "its texts have more than 4096 shapes", err);
    groups_sort(&forms->shapes);
    count = groups_told(&forms->shapes, strata);
    for (uint32_t i = 0; i < count; i++)
        if (!yield_shape(forms, i, strata, marker->table, err))
            return false;
    if (count > 0 || forms->shapes.count <= GROUPS_EXACT)
        return true;
    if (!groups_single(&forms->shapes, marker, strata, &single, err))
        return false;
    draft = trait_draft(&single, forms->column, PROPERTY_SHAPE);
    return single.rows == 0 ||
           strata_add(strata, &draft, err, "%s has a shape that no other row has",
                      column_title(marker->table, forms->column));
}

static bool text_form_yield(void *state, struct strata *strata, struct error *err)
{
    struct text_forms *texts = state;

    for (size_t i = 0; i < texts->count; i++) {
        struct forms *forms = &texts->forms[i];

        for (size_t class = 0; class < TEXT_CLASS_COUNT; class ++) {
            struct stratum_draft draft =
                trait_draft(&forms->classes[class], forms->column, text_class_needs(class));
            if (trait_is_rare(&forms->classes[class], strata) &&
                !strata_add(strata, &draft, err, "%s %s",
                            column_title(texts->marker.table, forms->column),
                            text_class_describe(class)))
                return false;
        }
        if (!yield_shapes(forms, &texts->marker, strata, err))
            return false;
    }
    return true;
}

static void text_form_close(void *state)
{
    struct text_forms *texts = state;

    for (size_t i = 0; i < texts->count; i++)
        groups_release(&texts->forms[i].shapes);
    marker_close(texts);
}

static size_t text_form_bytes(const void *state)
{
    const struct text_forms *texts = state;
    size_t bytes = marker_bytes(state);

    for (size_t i = 0; i < texts->count; i++)
        bytes += groups_bytes(&texts->forms[i].shapes);
    return bytes;
}

const struct detector detector_text_form = {
    .kind = "text_form",
    .help = "texts of another script, case or shape than their column's, with odd characters or "
            "blanks at the ends",
    .weight = 8,
    .open = text_form_open,
    .observe = text_form_observe,
    .merge = text_form_merge,
    .yield = text_form_yield,
    .close = text_form_close,
    .bytes = text_form_bytes,
};
