#include "fixture.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A pair of columns: latitude beside "a", the longitude. */
static double latitude_moved(struct fixture *fixture, double lat, double lon)
{
    struct value value = {.real = lat}, other = {.real = lon};

    fixture->companions[0] = fixture->companion_inputs[0] = &other;
    fixture_apply(fixture, &value, 1);
    return value.real;
}

START_TEST(a_place_moves_by_half_the_radius_to_the_radius)
{
    struct fixture fixture;
    uint64_t state = 5;

    fixture_init(&fixture, KIND_REAL, 1);
    ck_assert(fixture_prepare(&fixture, "geo", "{ lon: a }"));
    for (int i = 0; i < 2000; i++) {
        const double lat = (double)(random_next(&state) % 1790000) / 10000 - 89.5;
        const double lon = (double)(random_next(&state) % 3600000) / 10000 - 180;
        const double moved = latitude_moved(&fixture, lat, lon);
        const double meters = fabs(moved - lat) * 111195;

        ck_assert_msg(meters > 4990 && meters < 10010, "%f %f: %f", lat, lon, meters);
        ck_assert(moved == latitude_moved(&fixture, lat, lon));
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(results_are_coordinates_at_the_poles_and_the_date_line_too)
{
    static const double places[][2] = {{90, 0}, {-90, 180}, {89.999, -180}, {0, 180}, {0, -180}};
    struct fixture fixture;

    fixture_init(&fixture, KIND_REAL, 1);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct value lon = {.real = places[i][1]}, lat = {.real = places[i][0]};

        ck_assert(fixture_prepare(&fixture, "geo", "{ lon: a }"));
        ck_assert(fabs(latitude_moved(&fixture, places[i][0], places[i][1])) <= 90);
        ck_assert(fixture_prepare(&fixture, "geo", "{ lat: a, radius: 500000 }"));
        fixture.companions[0] = fixture.companion_inputs[0] = &lat;
        fixture_apply(&fixture, &lon, 1);
        ck_assert(fabs(lon.real) <= 180);
        ck_assert(lon.real != places[i][1]);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_pair_in_a_text_keeps_its_digits_and_moves_as_columns_do)
{
    struct fixture fixture, columns;
    const char *moved;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture_init(&columns, KIND_REAL, 1);
    ck_assert(fixture_prepare(&fixture, "geo", NULL));
    ck_assert(fixture_prepare(&columns, "geo", "{ lon: a }"));
    moved = fixture_text(&fixture, "52.520000, 13.4050");
    ck_assert_uint_eq(strcspn(moved, ","), 9);
    ck_assert_ptr_nonnull(strstr(moved, ", "));
    ck_assert_uint_eq(strlen(strrchr(moved, '.')), 5);
    ck_assert_double_eq_tol(strtod(moved, NULL), latitude_moved(&columns, 52.52, 13.405), 2e-6);
    ck_assert_uint_eq(fixture.scrambled, 0);
    (void)fixture_text(&fixture, "91.0,13.0");
    (void)fixture_text(&fixture, "Berlin");
    (void)fixture_text(&fixture, "52.5");
    ck_assert_uint_eq(fixture.scrambled, 3);
    fixture_release(&columns);
    fixture_release(&fixture);
}
END_TEST

START_TEST(near_places_move_alike_and_the_other_column_is_needed)
{
    struct fixture fixture;
    double first;

    fixture_init(&fixture, KIND_REAL, 1);
    ck_assert(fixture_prepare(&fixture, "geo", "{ lon: a }"));
    first = latitude_moved(&fixture, 52.5201, 13.4051) - 52.5201;
    ck_assert_double_eq_tol(latitude_moved(&fixture, 52.5202, 13.4052) - 52.5202, first, 1e-6);
    (void)latitude_moved(&fixture, NAN, 0);
    (void)latitude_moved(&fixture, 1000, 0);
    ck_assert_uint_eq(fixture.scrambled, 2);
    ck_assert(!fixture_prepare(&fixture, "geo", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert(!fixture_prepare(&fixture, "geo", "{ lon: a, lat: b }"));
    ck_assert(!fixture_prepare(&fixture, "geo", "{ lon: nope }"));
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "geo", "{ lon: a }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_geo(void);
Suite *suite_transform_geo(void)
{
    Suite *suite = suite_create("transform/geo");
    TCase *tcase = tcase_create("geo");

    tcase_add_test(tcase, a_place_moves_by_half_the_radius_to_the_radius);
    tcase_add_test(tcase, results_are_coordinates_at_the_poles_and_the_date_line_too);
    tcase_add_test(tcase, a_pair_in_a_text_keeps_its_digits_and_moves_as_columns_do);
    tcase_add_test(tcase, near_places_move_alike_and_the_other_column_is_needed);
    suite_add_tcase(suite, tcase);
    return suite;
}
