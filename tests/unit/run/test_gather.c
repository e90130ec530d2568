/* The sample that attacks are measured on. */
#include "run/gather.h"
#include "support/bind_trial.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *suite_run_gather(void);

enum { PEOPLE = 40, EVENTS = 12 };

static struct bind_trial trial;
static struct gathering *gathering;
static struct arena *arena;

static void begin(const char *body)
{
    bind_begin_shop(&trial);
    bind_try(&trial, body);
    ck_assert_bound(&trial);
    arena = arena_new();
    gathering = NULL;
}

static void end(void)
{
    gathering_free(gathering);
    arena_free(arena);
    bind_end(&trial);
}

static void open_with(size_t ceiling)
{
    gathering_free(gathering);
    ck_assert(gathering_new(trial.binding, ceiling, &gathering, &trial.err));
    ck_assert_ptr_nonnull(gathering);
}

static struct gathered_event event_of(uint64_t person, uint64_t event)
{
    struct gathered_event made = {.subject = person * 1000 + 1, .order = event * 7919 % 1009};

    made.event.time = (int64_t)(person * 1000000 + event);
    made.event.masked_time = made.event.time - 1;
    made.event.amount = made.event.quantity = NAN;
    return made;
}

static void add(uint64_t person, uint64_t event)
{
    const struct gathered_event made = event_of(person, event);

    ck_assert(gathering_add(gathering, &made, 1, &trial.err));
}

static struct gather_result finish(void)
{
    struct gather_result result;

    ck_assert(gathering_finish(gathering, GATHER_ALL, arena, &result, &trial.err));
    return result;
}

static struct gather_result finish_mask(int mask)
{
    struct gather_result result;

    ck_assert(gathering_finish(gathering, mask, arena, &result, &trial.err));
    return result;
}

static int time_compare(const void *left, const void *right)
{
    const struct linkage_event *a = left, *b = right;

    return (a->time > b->time) - (a->time < b->time);
}

/* The events of a subject of the sample, ascending. */
static const struct linkage_event *sorted(const struct gather_result *result, size_t subject)
{
    const struct linkage_subject *place = &result->population.subjects[subject];
    struct linkage_event *copy = ARENA_ARRAY(arena, place->count + 1, struct linkage_event);

    memcpy(copy, result->population.events + place->first, place->count * sizeof(*copy));
    qsort(copy, place->count, sizeof(*copy), time_compare);
    return copy;
}

START_TEST(nothing_is_gathered_where_no_time_of_a_subject_moves)
{
    begin("sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
          "unclassified: redact\n"
          "columns: { customers: { id: permute }, orders: { id: permute } }\n");
    ck_assert(gathering_new(trial.binding, 1u << 20, &gathering, &trial.err));
    ck_assert_ptr_null(gathering);
    end();
}
END_TEST

START_TEST(columns_under_shift_are_events_and_amounts_come_along)
{
    struct gather_result result;
    const struct gather_table *orders;
    uint32_t times = 0;

    begin(bind_shop_columns);
    open_with(1u << 20);
    orders = gathering_table(gathering, bind_table(&trial, "orders")->table);
    ck_assert_uint_eq(orders->time_count, 1);
    for (size_t c = 0; c < bind_table(&trial, "orders")->column_count; c++)
        times += orders->is_time[c];
    ck_assert_uint_eq(times, 1);
    ck_assert_int_ge(orders->amount, 0);
    ck_assert_str_eq(bind_table(&trial, "orders")->columns[orders->amount].column->name, "total");
    ck_assert_uint_eq(gathering_table(gathering, bind_table(&trial, "lines")->table)->time_count,
                      0);
    result = finish();
    ck_assert_uint_eq(result.column_count, 2);
    ck_assert_uint_eq(result.other_columns, 0);
    ck_assert_int_eq(result.mask.time, LINKAGE_TIME_WARP);
    ck_assert_int_eq(result.mask.back_low, 7);
    ck_assert_uint_eq(result.mask.scale_count, 4);
    end();
}
END_TEST

static void add_under(uint64_t person, uint64_t event, uint32_t mask)
{
    struct gathered_event made = event_of(person, event);

    made.event.kind = mask;
    ck_assert(gathering_add(gathering, &made, 1, &trial.err));
}

START_TEST(every_mask_is_told_apart_the_weakest_first)
{
    struct gather_result result;

    begin("sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
          "subjects: [customers]\n"
          "unclassified: redact\n"
          "columns:\n"
          "  customers:\n"
          "    id: permute\n"
          "    created_at: { rule: shift, mode: constant, accept_risk: x }\n"
          "  orders: { id: permute, placed_at: shift }\n");
    open_with(1u << 20);
    ck_assert_uint_eq(gathering_mask_count(gathering), 2);
    add_under(1, 1, 0);
    add_under(1, 2, 1);
    add_under(2, 3, 1);
    result = finish_mask(0);
    ck_assert_int_eq(result.way, GATHER_CONSTANT);
    ck_assert_int_eq(result.mask.time, LINKAGE_TIME_CONSTANT);
    ck_assert_uint_eq(result.column_count, 1);
    ck_assert_uint_eq(result.other_columns, 0);
    ck_assert_uint_eq(result.population.subject_count, 1);
    ck_assert_uint_eq(result.population.event_count, 1);
    result = finish_mask(1);
    ck_assert_int_eq(result.mask.time, LINKAGE_TIME_WARP);
    ck_assert_uint_eq(result.population.subject_count, 2);
    ck_assert_uint_eq(finish().population.event_count, 3);
    end();
}
END_TEST

/* No shift anywhere: the most dangerous profile of all. */
START_TEST(times_that_are_kept_are_events_of_their_subjects)
{
    const struct gather_table *orders;

    begin("sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
          "subjects: [customers]\n"
          "unclassified: redact\n"
          "columns:\n"
          "  customers: { id: permute }\n"
          "  orders: { id: permute, placed_at: { keep: x } }\n");
    open_with(1u << 20);
    ck_assert_uint_eq(gathering_mask_count(gathering), 1);
    ck_assert_int_eq(finish().way, GATHER_EXACT);
    ck_assert_int_eq(finish().mask.time, LINKAGE_TIME_NONE);
    orders = gathering_table(gathering, bind_table(&trial, "orders")->table);
    ck_assert_uint_eq(orders->time_count, 1);
    ck_assert_ptr_nonnull(bind_table(&trial, "orders")->subject);
    end();
}
END_TEST

START_TEST(a_coarser_time_is_attacked_with_the_grain_that_it_shows)
{
    struct gathered_event made;

    begin("sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
          "subjects: [customers]\n"
          "unclassified: redact\n"
          "columns:\n"
          "  customers: { id: permute }\n"
          "  orders: { id: permute, placed_at: { rule: truncate, to: month } }\n");
    open_with(1u << 20);
    made = event_of(1, 1);
    made.event.masked_time = made.event.time - 86400000000;
    ck_assert(gathering_add(gathering, &made, 1, &trial.err));
    ck_assert_int_eq(finish().way, GATHER_COARSE);
    ck_assert_int_eq(finish().mask.grain, 86400000000);
    end();
}
END_TEST

START_TEST(kept_times_without_subjects_are_nobodys_and_counted)
{
    struct selected_table rows[16] = {{0}};
    struct selection selection = {0};
    struct gather_survey survey;

    begin("sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
          "unclassified: redact\n"
          "columns:\n"
          "  customers: { id: permute }\n"
          "  orders: { id: permute, placed_at: { keep: x } }\n");
    ck_assert_uint_le(trial.binding->catalog->table_count, 16);
    selection.binding = trial.binding;
    selection.tables = rows;
    gathering_survey(&selection, &survey);
    ck_assert_uint_eq(survey.ownerless, 0);
    for (size_t i = 0; i < 16; i++)
        rows[i].row_count = 1;
    gathering_survey(&selection, &survey);
    ck_assert_uint_eq(survey.ownerless, 1);
    end();
}
END_TEST

START_TEST(the_mask_knows_the_week_of_the_profile)
{
    struct gather_result result;
    struct buf body;

    buf_init(&body, 1 << 16);
    buf_add_text(&body, "week: [");
    for (int hour = 0; hour < LINKAGE_HOURS; hour++)
        buf_add_format(&body, "%s%d", hour ? ", " : "", hour < 84 ? 3 : 1);
    buf_add_text(&body, "]\n");
    buf_add_text(&body, bind_shop_columns);
    begin(buf_text(&body));
    open_with(1u << 20);
    result = finish();
    ck_assert_ptr_nonnull(result.mask.week);
    ck_assert_double_eq_tol(result.mask.week[0], 0, 1e-12);
    ck_assert_double_eq_tol(result.mask.week[84], 0.75 * 0.98 + 0.01, 1e-6);
    ck_assert_double_eq_tol(result.mask.week[LINKAGE_HOURS], 1, 1e-12);
    buf_release(&body);
    end();
}
END_TEST

/* The same subjects and events whatever comes first, also where not all fit. */
START_TEST(the_sample_does_not_depend_on_the_order_of_arrival)
{
    struct gather_result forth, back;

    begin(bind_shop_columns);
    open_with(25 * EVENTS * 64);
    for (uint64_t p = 0; p < PEOPLE; p++)
        for (uint64_t e = 0; e < EVENTS; e++)
            add(p, e);
    forth = finish();
    open_with(25 * EVENTS * 64);
    for (uint64_t e = EVENTS; e-- > 0;)
        for (uint64_t p = PEOPLE; p-- > 0;)
            add(p, e);
    back = finish();
    ck_assert(forth.is_cut && back.is_cut);
    ck_assert_uint_eq(forth.population.subject_count, 25);
    ck_assert_uint_eq(back.population.subject_count, 25);
    ck_assert_uint_eq(forth.population.event_count, back.population.event_count);
    for (size_t s = 0; s < 25; s++) {
        ck_assert_uint_eq(forth.population.subjects[s].count, EVENTS);
        ck_assert_uint_eq(back.population.subjects[s].count, EVENTS);
        for (size_t e = 0; e < EVENTS; e++)
            ck_assert_int_eq(sorted(&forth, s)[e].time, sorted(&back, s)[e].time);
    }
    end();
}
END_TEST

START_TEST(of_a_subject_the_events_with_the_smallest_hashes_stay)
{
    struct gather_result result;
    const struct linkage_event *events;

    begin(bind_shop_columns);
    open_with(1u << 20);
    for (uint64_t e = 0; e < 1000; e++)
        add(3, e);
    result = finish();
    ck_assert_uint_eq(result.population.event_count, GATHER_EVENTS);
    ck_assert(!result.is_cut);
    events = sorted(&result, 0);
    for (size_t i = 0, e = 0; e < 1000; e++) {
        size_t smaller = 0;

        for (uint64_t other = 0; other < 1000; other++)
            smaller += event_of(3, other).order < event_of(3, e).order;
        if (smaller < GATHER_EVENTS)
            ck_assert_int_eq(events[i++].time, event_of(3, e).event.time);
    }
    end();
}
END_TEST

START_TEST(no_more_subjects_stay_than_the_sample_holds)
{
    struct gather_result result;

    begin(bind_shop_columns);
    open_with((size_t)1 << 30);
    for (uint64_t p = 0; p < 2 * GATHER_SUBJECTS; p++)
        add(p * 7919 % (2 * GATHER_SUBJECTS), 0);
    result = finish();
    ck_assert_uint_eq(result.population.subject_count, GATHER_SUBJECTS);
    ck_assert(result.is_cut);
    for (size_t s = 0; s < GATHER_SUBJECTS; s++)
        ck_assert_int_eq(result.population.events[s].time, (int64_t)(s * 1000000));
    ck_assert(!gathering_wants(gathering, event_of(GATHER_SUBJECTS, 0).subject));
    ck_assert(gathering_wants(gathering, event_of(GATHER_SUBJECTS - 1, 0).subject));
    end();
}
END_TEST

Suite *suite_run_gather(void)
{
    Suite *suite = suite_create("run/gather");
    TCase *tcase = tcase_create("gather");

    tcase_add_test(tcase, nothing_is_gathered_where_no_time_of_a_subject_moves);
    tcase_add_test(tcase, columns_under_shift_are_events_and_amounts_come_along);
    tcase_add_test(tcase, every_mask_is_told_apart_the_weakest_first);
    tcase_add_test(tcase, times_that_are_kept_are_events_of_their_subjects);
    tcase_add_test(tcase, a_coarser_time_is_attacked_with_the_grain_that_it_shows);
    tcase_add_test(tcase, kept_times_without_subjects_are_nobodys_and_counted);
    tcase_add_test(tcase, the_mask_knows_the_week_of_the_profile);
    tcase_add_test(tcase, the_sample_does_not_depend_on_the_order_of_arrival);
    tcase_add_test(tcase, of_a_subject_the_events_with_the_smallest_hashes_stay);
    tcase_add_test(tcase, no_more_subjects_stay_than_the_sample_holds);
    suite_add_tcase(suite, tcase);
    return suite;
}
