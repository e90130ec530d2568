/* Links over rows made by hand: neither the order of rows nor how they are cut into batches shows,
 * and a store that is too small keeps a slice, which is said. */
#include "fixture.h"
#include "support/fake_driver.h"
#include "survey/links_state.h"

#include <check.h>
#include <math.h>

#define PARENTS    3000u
#define CHILDREN   9000u
#define US_AN_HOUR INT64_C(3600000000)

static struct survey_trial trial;
static struct fake_rows fake_rows;
static struct fake_script script;
static struct fake_db fake;
static struct survey *survey;
static struct error err;

static struct span number(struct arena *arena, int64_t value)
{
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
    return arena_span(arena, span_make(bytes, sizeof(bytes)));
}

/* What row `id` holds. Chains of ten bosses; a few children of nobody, one parent of many. */
static struct span cell_of(const struct column *column, uint32_t id, struct arena *arena)
{
    uint32_t parent = id % 97 == 0 ? 1234 : id * 5 % (PARENTS + 3);

    if (strcmp(column->name, "id") == 0)
        return number(arena, id);
    if (strcmp(column->name, "boss") == 0)
        return id % 10 == 0 ? (struct span){NULL, 0} : number(arena, id == 555 ? 555 : id - 1);
    if (strcmp(column->name, "p_id") == 0)
        return parent == 0 ? (struct span){NULL, 0} : number(arena, parent);
    ck_assert_str_eq(column->name, "at");
    return number(arena, strcmp(column->table->name, "p") == 0 ? 0
                         : id == 4321                          ? -5 * 24 * US_AN_HOUR
                                                               : 30 * US_AN_HOUR);
}

/* What a look-up of parents reads: identity and key, which are the same. */
static void fake_make(const struct table *parent)
{
    struct span *rows = ARENA_ARRAY(trial.arena, PARENTS, struct span);

    for (uint32_t i = 0; i < PARENTS; i++) {
        char row[26] = {0, 2};
        struct span id = number(trial.arena, i + 1);
        row[5] = row[17] = 8;
        memcpy(row + 6, id.ptr, 8);
        memcpy(row + 18, id.ptr, 8);
        rows[i] = arena_span(trial.arena, span_make(row, sizeof(row)));
    }
    fake_rows = (struct fake_rows){.table = parent, .count = PARENTS, .rows = rows};
    script = (struct fake_script){.table_count = 1, .tables = &fake_rows};
    fake_init(&fake, DB_SOURCE, &script);
}

static void setup(void)
{
    struct builder *b;

    err = (struct error){0};
    trial_begin(&trial);
    b = trial.builder;
    builder_column(b, "unused", "int8", 0);
    builder_table(b, "public", "p");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "boss", "int8", 0);
    builder_column(b, "at", "timestamptz", 0);
    builder_primary(b, "id");
    builder_table(b, "public", "c");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "p_id", "int8", 0);
    builder_column(b, "at", "timestamptz", 0);
    builder_primary(b, "id");
    builder_edge(b, "c", "p_id", "p", "id");
    builder_edge(b, "p", "boss", "p", "id");
    trial_bind(&trial);
    const struct edge_list *edges = &trial.binding.graph->all;
    trial.binding.edges = ARENA_ARRAY(trial.arena, edges->count, struct bound_edge);
    for (size_t i = 0; i < edges->count; i++)
        trial.binding.edges[i] = (struct bound_edge){.edge = edges->edges[i], .when = -1};
    fake_make(builder_find_table(b, "p"));
}

static void teardown(void)
{
    fake_release(&fake);
    trial_end(&trial);
}

/* Which way, and in what pieces, rows come. */
struct manner {
    uint32_t step, batch_rows;
    size_t ceiling; /* 0: as it comes */
};

static void batch_fill(struct batch *batch, const struct survey_layout *layout, uint32_t from,
                       uint32_t to, uint32_t count, uint32_t step)
{
    batch_reset(batch, (uint32_t)layout->field_count);
    for (uint32_t i = from; i < to; i++) {
        uint32_t id = (uint32_t)((uint64_t)i * step % count) + 1;
        struct span *cells = batch->cells + (size_t)batch->rows * batch->columns;
        for (size_t f = 0; f < layout->field_count; f++)
            cells[f] = cell_of(layout->fields[f].column, id, batch->arena);
        batch->relations[batch->rows] = 0;
        batch->addresses[batch->rows++] = id;
    }
}

static void table_drive(struct links *links, struct strata *strata, const char *name,
                        const struct manner *manner)
{
    const struct table *table = builder_find_table(trial.builder, name);
    const struct bound_table *bound = &trial.binding.tables[table->index];
    uint32_t count = name[0] == 'p' ? PARENTS : CHILDREN;
    const struct table_options options = {.binding = &trial.binding,
                                          .codec = &codec_pg_binary,
                                          .row_bound = count,
                                          .links = links,
                                          .is_surveyed = true};
    struct arena *arena = arena_new();
    struct survey_table under_survey;
    struct survey_layout layout;
    struct frame frame = {0};
    struct batch batch = {0};

    ck_assert(table_open(&under_survey, &layout, &options, bound, arena, &err));
    ck_assert(frame_init(&frame, &under_survey, &layout, manner->batch_rows, &err));
    ck_assert(batch_init(&batch, manner->batch_rows, (uint32_t)layout.field_count, &err));
    strata->table = &under_survey;
    strata_count(strata, bound, count);
    ck_assert(links_table_begin(links, &under_survey, &err));
    for (uint32_t from = 0; from < count; from += manner->batch_rows) {
        uint32_t to = from + manner->batch_rows < count ? from + manner->batch_rows : count;
        batch_fill(&batch, &layout, from, to, count, manner->step);
        ck_assert(frame_fill(&frame, &batch, &err));
        ck_assert(links_batch(links, &frame.batch, frame.extras, &err));
    }
    ck_assert_msg(links_table_end(links, strata, &err), "%s: %s", err.context, err.cause);
    batch_release(&batch);
    frame_release(&frame);
    table_close(&under_survey);
    arena_free(arena);
}

static const char *survey_text(void)
{
    const char *text = "";

    for (size_t i = 0; i < survey->stratum_count; i++) {
        const struct stratum *stratum = &survey->strata[i];
        text = arena_printf(trial.arena, "%s\n%s %s %s %llu:", text, stratum->table->table->name,
                            stratum->kind, stratum->describe, (unsigned long long)stratum->rows);
        for (size_t w = 0; w < stratum->witness_count; w++)
            text = arena_printf(trial.arena, "%s %llu", text,
                                (unsigned long long)stratum->witnesses[w].address);
    }
    for (size_t i = 0; i < survey->gap_count; i++)
        text = arena_printf(trial.arena, "%s\ngap %s %s", text, survey->gaps[i].table,
                            survey->gaps[i].why);
    return text;
}

/* Everything that parents and children say when they come like this. The survey lives on. */
static const char *drive(const struct manner *manner)
{
    const struct readers readers = {.leader = &fake.db};
    static const bool yes[8] = {true, true, true, true, true, true, true, true};
    const struct survey_request request = {
        .binding = &trial.binding, .readers = &readers, .is_surveyed = yes, .is_present = yes};
    struct links *links = NULL;
    struct strata strata;

    survey = ARENA_NEW(trial.arena, struct survey);
    survey->arena = trial.arena;
    survey->binding = &trial.binding;
    ck_assert(strata_init(&strata, survey, &err));
    ck_assert(links_begin(&request, &links, &err));
    if (manner->ceiling)
        links->ceiling = manner->ceiling;
    table_drive(links, &strata, "p", manner);
    table_drive(links, &strata, "c", manner);
    links_free(links);
    strata_settle(&strata);
    return survey_text();
}

static const struct manner as_they_stand = {1, 64, 0};

START_TEST(order_and_batches_do_not_show)
{
    const char *first = drive(&as_they_stand);

    ck_assert_msg(strstr(first, "orphan") && strstr(first, "fan_out") &&
                      strstr(first, "difference"),
                  "%s", first);
    ck_assert_str_eq(first, drive(&(struct manner){7919, 64, 0}));
    ck_assert_str_eq(first, drive(&(struct manner){104729, 1000, 0}));
    ck_assert_str_eq(first, drive(&(struct manner){1, 7, 0}));
}
END_TEST

START_TEST(a_slice_does_not_depend_on_order_either)
{
    const char *first = drive(&(struct manner){1, 64, 24000});

    ck_assert_msg(strstr(first, "gap public.p one in"), "%s", first);
    ck_assert_str_eq(first, drive(&(struct manner){7919, 100, 24000}));
    ck_assert_str_ne(first, drive(&as_they_stand));
}
END_TEST

static const struct stratum *stratum_of(const char *describe)
{
    const struct stratum *stratum = trial_find(survey, describe);

    ck_assert_msg(stratum != NULL, "%s: %s", describe, survey_text());
    return stratum;
}

START_TEST(a_slice_is_scaled_and_estimated)
{
    drive(&(struct manner){1, 64, 24000});
    const struct fan_out *children = NULL;

    for (size_t i = 0; i < survey->fan_out_count; i++)
        if (strcmp(survey->fan_outs[i].edge->child->name, "c") == 0)
            children = &survey->fan_outs[i];
    ck_assert(children && !children->is_known);
    ck_assert_uint_gt(children->groups[3], PARENTS / 2);
    ck_assert_uint_lt(children->groups[3], PARENTS * 2);
    ck_assert(trial_has_gap(survey, NULL,
                            "chains of a reference to the table itself were not followed: its keys "
                            "did not fit into memory"));
}
END_TEST

START_TEST(rows_of_both_sides_are_witnesses)
{
    drive(&as_they_stand);
    const struct stratum *many = stratum_of("p with 65 to 128 rows of c (c.p_id)");
    ck_assert_uint_eq(many->rows, 1);
    ck_assert(many->brings_children);
    ck_assert(trial_has_witness(many, 1233)); /* the fake's addresses begin at 0 */
    const struct stratum *before = stratum_of("c.at is 4 to 8 days before p.at (c.p_id)");
    ck_assert_uint_eq(before->rows, 1);
    ck_assert(trial_has_witness(before, 4321));
    const struct stratum *loop = stratum_of("p that refer to themselves (p.boss)");
    ck_assert(trial_has_witness(loop, 554));
    const struct stratum *orphans = stratum_of("c.p_id leads to no row of p");
    ck_assert_uint_eq(orphans->rows, 6);
}
END_TEST

START_TEST(times_beyond_all_calendars_are_not_compared)
{
    ck_assert_uint_eq(link_time(TIME_MAX), LINK_NO_VALUE);
    ck_assert_uint_eq(link_time(TIME_MIN), LINK_NO_VALUE);
    ck_assert_uint_eq(link_time(INT64_MAX - 1), LINK_NO_VALUE);
    ck_assert_uint_eq(link_time(-1) + 1, link_time(0));
    ck_assert_uint_eq(link_time(INT64_C(86400000000)) - link_time(0), 1440);
    ck_assert_uint_ne(link_time(INT64_C(-62135596800000000)), LINK_NO_VALUE); /* year 1 */
}
END_TEST

START_TEST(amounts_keep_their_sign_and_size)
{
    ck_assert_double_eq(link_amount_of(link_amount(0)), 0);
    ck_assert_double_eq(link_amount_of(link_amount(-12.5)), -12.5);
    ck_assert_uint_eq(link_amount(NAN), LINK_NO_VALUE);
    ck_assert_uint_eq(link_amount(1e300), LINK_NO_VALUE);
}
END_TEST

Suite *suite_survey_links(void);
Suite *suite_survey_links(void)
{
    Suite *suite = suite_create("survey/links");
    TCase *test = tcase_create("links");

    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, order_and_batches_do_not_show);
    tcase_add_test(test, a_slice_does_not_depend_on_order_either);
    tcase_add_test(test, a_slice_is_scaled_and_estimated);
    tcase_add_test(test, rows_of_both_sides_are_witnesses);
    tcase_add_test(test, times_beyond_all_calendars_are_not_compared);
    tcase_add_test(test, amounts_keep_their_sign_and_size);
    suite_add_tcase(suite, test);
    return suite;
}
