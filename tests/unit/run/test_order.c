/* Children before their parents, counted from rows of both sides. */
#include "run/order.h"
#include "support/bind_trial.h"

#include <check.h>

Suite *suite_run_order(void);

enum { PEOPLE = 3000 };

static struct bind_trial trial;
static struct ordering *ordering;
static struct arena *arena;

static void begin(const char *body, size_t ceiling)
{
    bind_begin_shop(&trial);
    bind_try(&trial, body);
    ck_assert_bound(&trial);
    arena = arena_new();
    ck_assert(ordering_new(trial.binding, ceiling, &ordering, &trial.err));
}

static void end(void)
{
    ordering_free(ordering);
    arena_free(arena);
    bind_end(&trial);
}

static const struct order_side *side_of(const char *table, bool is_parent)
{
    size_t count = 0;
    const struct order_side *sides =
        ordering_sides(ordering, bind_table(&trial, table)->table, &count);

    for (size_t i = 0; i < count; i++)
        if (sides[i].is_parent == is_parent)
            return &sides[i];
    ck_abort_msg("no side");
    return NULL;
}

static void add(const char *table, bool is_parent, uint64_t key, int64_t before, int64_t after)
{
    const struct order_row row = {key, before, after};

    ck_assert(ordering_add(ordering, side_of(table, is_parent), &row, 1, &trial.err));
}

static struct order_count finish(void)
{
    struct order_count *counts;
    size_t count = 0;

    ck_assert(ordering_finish(ordering, arena, &counts, &count, &trial.err));
    ck_assert_uint_eq(count, 1);
    return counts[0];
}

START_TEST(children_before_their_parents_are_counted_on_both_sides)
{
    struct order_count count;

    begin(bind_shop_columns, 1u << 20);
    add("orders", false, 1, 10, 10); /* in order, and stays so */
    add("orders", false, 1, 4, 4);   /* out of order before and after */
    add("orders", false, 2, 10, 4);  /* reversed */
    add("orders", false, 2, 4, 10);  /* put right */
    add("orders", false, 2, 5, 5);   /* a tie is no reversal */
    add("orders", false, 3, 1, 1);   /* its parent did not come */
    add("customers", true, 1, 5, 5);
    add("customers", true, 2, 5, 5);
    count = finish();
    ck_assert_str_eq(count.child->name, "placed_at");
    ck_assert_str_eq(count.parent->name, "created_at");
    ck_assert_uint_eq(count.pairs, 5);
    ck_assert_uint_eq(count.production, 2);
    ck_assert_uint_eq(count.staging, 2);
    ck_assert_uint_eq(count.reversed, 1);
    ck_assert(!count.is_sample);
    end();
}
END_TEST

/* What is left out is left out with all its rows, in any order of arrival. */
START_TEST(keys_that_have_no_place_go_with_all_their_rows)
{
    struct order_count forth, back;

    begin(bind_shop_columns, 1024 * sizeof(struct order_row));
    for (uint64_t p = 0; p < PEOPLE; p++) {
        add("customers", true, p * (UINT64_MAX / PEOPLE), 5, 5);
        add("orders", false, p * (UINT64_MAX / PEOPLE), 9, 4);
    }
    forth = finish();
    end();
    begin(bind_shop_columns, 1024 * sizeof(struct order_row));
    for (uint64_t p = PEOPLE; p-- > 0;)
        add("orders", false, p * (UINT64_MAX / PEOPLE), 9, 4);
    for (uint64_t p = PEOPLE; p-- > 0;)
        add("customers", true, p * (UINT64_MAX / PEOPLE), 5, 5);
    back = finish();
    ck_assert(forth.is_sample && back.is_sample);
    ck_assert_uint_eq(forth.pairs, PEOPLE / 8 + 1); /* the limit itself has a place */
    ck_assert_uint_eq(back.pairs, forth.pairs);
    ck_assert_uint_eq(back.reversed, forth.pairs);
    end();
}
END_TEST

START_TEST(nothing_is_compared_where_one_side_has_no_shifted_time)
{
    begin("sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
          "subjects: [customers]\n"
          "unclassified: redact\n"
          "columns: { customers: { id: permute }, orders: { id: permute, placed_at: shift } }\n",
          1u << 20);
    ck_assert_ptr_null(ordering);
    end();
}
END_TEST

Suite *suite_run_order(void)
{
    Suite *suite = suite_create("run/order");
    TCase *tcase = tcase_create("order");

    tcase_add_test(tcase, children_before_their_parents_are_counted_on_both_sides);
    tcase_add_test(tcase, keys_that_have_no_place_go_with_all_their_rows);
    tcase_add_test(tcase, nothing_is_compared_where_one_side_has_no_shifted_time);
    suite_add_tcase(suite, tcase);
    return suite;
}
