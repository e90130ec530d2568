/* Ranges and multiranges in the form in which the server would store them. */
#include "value/codec.h"
#include "value/pg_type.h"
#include "value/range.h"
#include "value_types.h"
#include <check.h>

static struct arena *arena;
static struct type ints, numbers, reals, days, many_ints, many_numbers;

static void types_make(void)
{
    arena = arena_new();
    ints = (struct type){.class = TYPE_RANGE, .element = test_type("int4"), .step = RANGE_DISCRETE};
    numbers = (struct type){
        .class = TYPE_RANGE, .element = test_type("numeric"), .step = RANGE_CONTINUOUS};
    reals = (struct type){
        .class = TYPE_RANGE, .element = test_type("float8"), .step = RANGE_CONTINUOUS};
    days = (struct type){.class = TYPE_RANGE, .element = test_type("date"), .step = RANGE_DISCRETE};
    many_ints = (struct type){.class = TYPE_MULTIRANGE, .element = &ints};
    many_numbers = (struct type){.class = TYPE_MULTIRANGE, .element = &numbers};
}

static void types_drop(void)
{
    arena_free(arena);
}

struct settling {
    const struct type *type;
    const char *before, *after;
};

/* `after` is what PostgreSQL 15 prints for `before`, unless the bounds were reversed or equal. */
static const struct settling settlings[] = {
    {&ints, "[1,5)", "[1,5)"},
    {&ints, "(1,5]", "[2,6)"},
    {&ints, "(,5]", "(,6)"},
    {&ints, "[9,4)", "[4,9)"},
    {&ints, "[4,4)", "[4,5)"},
    {&ints, "(4,5)", "[5,6)"},
    {&ints, "[2147483647,2147483647)", "[2147483646,2147483647)"},
    {&ints, "empty", "empty"},
    {&ints, "(,)", "(,)"},
    {&days, "[2024-03-01,2024-02-28)", "[2024-02-28,2024-03-01)"},
    {&days, "[2024-02-28,2024-02-28)", "[2024-02-28,2024-02-29)"},
    {&days, "[-infinity,infinity]", "[-infinity,infinity]"},
    {&days, "[infinity,infinity)", "[infinity,infinity]"},
    {&numbers, "[1.5,2)", "[1.5,2)"},
    {&numbers, "[9,10.5)", "[9,10.5)"},
    {&numbers, "(10,-9.5]", "[-9.5,10)"},
    {&numbers, "[-2,-10)", "(-10,-2]"},
    {&numbers, "(1.0,1.00)", "[1.0,1.00]"},
    {&numbers, "[0.25,0.3)", "[0.25,0.3)"},
    {&numbers, "[NaN,Infinity)", "(Infinity,NaN]"},
    {&numbers, "[5,-Infinity]", "[-Infinity,5]"},
    {&reals, "[NaN,1)", "(1,NaN]"},
    {&reals, "(-0,0)", "[-0,0]"},
    {&many_ints, "{}", "{}"},
    {&many_ints, "{[5,9),[1,3)}", "{[1,3),[5,9)}"},
    {&many_ints, "{[3,9),[1,3)}", "{[1,9)}"},
    {&many_ints, "{[1,9),[2,4),[20,30)}", "{[1,9),[20,30)}"},
    {&many_ints, "{[8,2),(,4)}", "{(,8)}"},
    {&many_ints, "{[1,3),[2,),[9,4)}", "{[1,)}"},
    {&many_numbers, "{[1,2),(2,3]}", "{[1,2),(2,3]}"},
    {&many_numbers, "{[1,2),[2,3]}", "{[1,3]}"},
    {&many_numbers, "{[1,2],(2,3)}", "{[1,3)}"},
    {&many_numbers, "{(1,2),[1,2]}", "{[1,2]}"},
};

START_TEST(a_range_gets_the_form_that_the_server_gives_it)
{
    const struct settling *settling = &settlings[_i];
    struct value value = {0};
    struct error err = {0};
    struct span after;

    ck_assert_msg(
        codec_pg_text.decode(settling->type, span_of(settling->before), arena, &value, &err),
        "%s: %s", settling->before, err.cause);
    if (settling->type->class == TYPE_MULTIRANGE)
        multirange_settle(settling->type->element, value.parts);
    else
        range_settle(settling->type, value.parts);
    ck_assert(codec_pg_text.encode(NULL, settling->type, &value, arena, &after, &err));
    ck_assert_msg(span_equal(after, span_of(settling->after)), "%s became %.*s", settling->before,
                  (int)after.len, after.ptr);
}
END_TEST

START_TEST(a_range_whose_order_only_the_server_knows_is_not_known)
{
    struct type range = {
        .class = TYPE_RANGE, .element = test_type("text"), .step = RANGE_CONTINUOUS};

    ck_assert(!range_is_known(&range));
    range.element = test_type("int4");
    ck_assert(range_is_known(&range));
    range.step = RANGE_UNKNOWN;
    ck_assert(!range_is_known(&range));
}
END_TEST

Suite *suite_value_range(void);

Suite *suite_value_range(void)
{
    Suite *suite = suite_create("value/range");
    TCase *cases = tcase_create("ranges");

    tcase_add_checked_fixture(cases, types_make, types_drop);
    tcase_add_loop_test(cases, a_range_gets_the_form_that_the_server_gives_it, 0,
                        COUNT_OF(settlings));
    tcase_add_test(cases, a_range_whose_order_only_the_server_knows_is_not_known);
    suite_add_tcase(suite, cases);
    return suite;
}
