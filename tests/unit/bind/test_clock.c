#include "bind/clock_reading.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 120 };

/* One column of ROWS rows; row i is the i-th in time. */
struct trial {
    struct table_sample sample;
    struct sample_column column;
    struct bound_column bound;
    struct column catalog;
    struct type type;
    struct value values[ROWS];
    double numbers[CLOCK_READINGS][ROWS];
    size_t count;
};

static void trial_init(struct trial *trial, enum kind kind)
{
    memset(trial, 0, sizeof(*trial));
    trial->type = (struct type){.schema = "pg_catalog", .name = "t", .kind = kind};
    trial->catalog = (struct column){.name = "c", .type = &trial->type};
    trial->bound.column = &trial->catalog;
    trial->column = (struct sample_column){.bound = &trial->bound, .values = trial->values};
    trial->sample = (struct table_sample){.arena = arena_new(),
                                          .column_count = 1,
                                          .columns = &trial->column,
                                          .rows = ROWS,
                                          .most = ROWS};
    ck_assert_ptr_nonnull(trial->sample.arena);
}

/* A reading that rises from each row to the next. */
static bool tells_time(struct trial *trial)
{
    double *readings[CLOCK_READINGS];

    for (size_t i = 0; i < CLOCK_READINGS; i++)
        readings[i] = trial->numbers[i];
    trial->count = clock_readings(&trial->sample, &trial->column, readings);
    ck_assert_uint_gt(trial->count, 0);
    ck_assert_uint_le(trial->count, CLOCK_READINGS);
    for (size_t i = 0; i < trial->count; i++) {
        uint32_t row = 1;

        while (row < ROWS && readings[i][row - 1] < readings[i][row])
            row++;
        if (row == ROWS)
            return true;
    }
    return false;
}

/* # is the row, $ with three digits, ^ in hexadecimal; @ and ~ are noise. */
static const struct {
    const char *form;
    enum kind kind;
    bool tells;
} forms[] = {
    {"#", KIND_TEXT, true},
    {"INV-#", KIND_TEXT, true},
    {"@/#", KIND_TEXT, true},
    {"2024-@-#", KIND_TEXT, true},
    {"{\"note\": \"@\", \"at\": \"2$-05-06T10:00:00Z\", \"n\": 7}", KIND_JSON, true},
    {"{\"n\": 5, \"seq\": #}", KIND_JSON, true},
    {"^-0000-1000-8000-001122334455", KIND_TEXT, true},
    {"@", KIND_TEXT, false},
    {"R~-@", KIND_TEXT, false},
    {"{\"n\": 5, \"note\": \"@\"}", KIND_JSON, false},
};

static void expand(const char *form, int row, int other, char text[128])
{
    char noise[8] = "abcdefg";

    noise[row % 7] = (char)('z' - other % 26);
    text[0] = '\0';
    for (; *form; form++) {
        const size_t used = strlen(text);
        char *end = text + used;

        if (*form == '#' || *form == '~')
            snprintf(end, 128 - used, "%d", *form == '#' ? row : other);
        else if (*form == '$')
            snprintf(end, 128 - used, "%03d", row);
        else if (*form == '^')
            snprintf(end, 128 - used, "%08x", (unsigned)row);
        else if (*form == '@')
            snprintf(end, 128 - used, "%s", noise);
        else
            snprintf(end, 128 - used, "%c", *form);
    }
}

START_TEST(time_is_found_inside_texts_and_documents)
{
    struct trial trial;

    trial_init(&trial, forms[_i].kind);
    for (int i = 0; i < ROWS; i++) {
        const int other = i * 7919 % 101;
        char text[128];

        expand(forms[_i].form, i + 5, other, text);
        trial.values[i].bytes = arena_span(trial.sample.arena, span_of(text));
    }
    ck_assert_int_eq(tells_time(&trial), forms[_i].tells);
    arena_free(trial.sample.arena);
}
END_TEST

START_TEST(the_clock_of_a_uuid_of_version_1_is_found_though_its_bytes_do_not_rise)
{
    struct trial trial;

    trial_init(&trial, KIND_UUID);
    for (uint64_t i = 0; i < ROWS; i++) {
        const uint64_t clock = UINT64_C(0x1ee1234ffffff00) + i * 0x5fffffff;
        uint8_t *u = trial.values[i].uuid;

        for (int b = 0; b < 4; b++)
            u[b] = (uint8_t)(clock >> (24 - 8 * b));
        u[4] = (uint8_t)(clock >> 40);
        u[5] = (uint8_t)(clock >> 32);
        u[6] = (uint8_t)(0x10 | clock >> 56);
        u[7] = (uint8_t)(clock >> 48);
    }
    ck_assert(tells_time(&trial));
    for (int i = 0; i < ROWS; i++)
        trial.values[i].uuid[6] = (uint8_t)(0x40 | (trial.values[i].uuid[6] & 15));
    ck_assert(!tells_time(&trial));
    arena_free(trial.sample.arena);
}
END_TEST

START_TEST(numbers_keep_their_order_and_null_is_none)
{
    struct trial trial;
    double *readings[CLOCK_READINGS] = {trial.numbers[0]};

    trial_init(&trial, KIND_DECIMAL);
    for (int i = 0; i < ROWS; i++) {
        char text[32];

        snprintf(text, sizeof(text), "%d.5", i - 50);
        trial.values[i].bytes = arena_span(trial.sample.arena, span_of(text));
    }
    ck_assert(tells_time(&trial));
    trial.values[3].is_null = true;
    trial.values[4].bytes = span_of("NaN");
    ck_assert_uint_eq(clock_readings(&trial.sample, &trial.column, readings), 1);
    ck_assert(isnan(readings[0][3]) && isnan(readings[0][4]));
    arena_free(trial.sample.arena);
}
END_TEST

START_TEST(arrays_are_read_by_their_first_element)
{
    struct trial trial;

    trial_init(&trial, KIND_OTHER);
    trial.type.class = TYPE_ARRAY;
    for (uint32_t i = 0; i < ROWS; i++) {
        /* one dimension, no NULLs, type, how many, from 1; then length and eight bytes */
        char bytes[32] = {[3] = 1, [15] = (char)(1 + i * 31 % 3), [19] = 1, [23] = 8};

        bytes[28] = (char)(i >> 4);
        bytes[29] = (char)(i << 4);
        trial.values[i].bytes = arena_span(trial.sample.arena, span_make(bytes, sizeof(bytes)));
    }
    ck_assert(tells_time(&trial));
    arena_free(trial.sample.arena);
}
END_TEST

Suite *suite_bind_clock(void);
Suite *suite_bind_clock(void)
{
    Suite *suite = suite_create("bind/clock");
    TCase *tcase = tcase_create("clock");

    tcase_add_loop_test(tcase, time_is_found_inside_texts_and_documents, 0, COUNT_OF(forms));
    tcase_add_test(tcase, the_clock_of_a_uuid_of_version_1_is_found_though_its_bytes_do_not_rise);
    tcase_add_test(tcase, numbers_keep_their_order_and_null_is_none);
    tcase_add_test(tcase, arrays_are_read_by_their_first_element);
    suite_add_tcase(suite, tcase);
    return suite;
}
