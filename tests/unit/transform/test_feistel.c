#include "transform/feistel.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static const struct sipkey key = {0x0123456789abcdefu, 0xfedcba9876543210u};

static const uint64_t sizes[] = {1, 2, 3, 5, 10, 100, 997, 16384, 100003};

START_TEST(every_small_domain_is_permuted)
{
    const uint64_t n = sizes[_i];
    bool *seen = calloc(n, sizeof(*seen));
    struct feistel feistel;

    feistel_init(&feistel, n);
    for (uint64_t x = 0; x < n; x++) {
        uint64_t y = feistel_apply(&feistel, &key, 4, x);

        ck_assert_uint_lt(y, n);
        ck_assert(!seen[y]);
        seen[y] = true;
        ck_assert_uint_eq(feistel_invert(&feistel, &key, 4, y), x);
    }
    free(seen);
}
END_TEST

START_TEST(big_domains_invert)
{
    static const uint64_t big[] = {1u << 20,          UINT64_C(1) << 30, (UINT64_C(1) << 63) - 1,
                                   UINT64_C(1) << 63, 10000000000000u,   3037000500u};
    struct feistel feistel;
    uint64_t state = 1;

    for (size_t i = 0; i < COUNT_OF(big); i++) {
        feistel_init(&feistel, big[i]);
        for (int j = 0; j < 2000; j++) {
            uint64_t x = j == 0 ? 0 : j == 1 ? big[i] - 1 : random_next(&state) % big[i];
            uint64_t y = feistel_apply(&feistel, &key, 9, x);

            ck_assert_uint_lt(y, big[i]);
            ck_assert_uint_eq(feistel_invert(&feistel, &key, 9, y), x);
        }
    }
}
END_TEST

START_TEST(levels_and_keys_are_different_permutations)
{
    const struct sipkey other = {1, 2};
    struct feistel feistel;
    int same_level = 0, same_key = 0;

    feistel_init(&feistel, 1u << 24);
    for (uint64_t x = 0; x < 1000; x++) {
        uint64_t y = feistel_apply(&feistel, &key, 1, x);

        same_level += y == feistel_apply(&feistel, &key, 2, x);
        same_key += y == feistel_apply(&feistel, &other, 1, x);
    }
    ck_assert_int_lt(same_level, 3);
    ck_assert_int_lt(same_key, 3);
}
END_TEST

START_TEST(a_table_holds_every_value_once)
{
    struct arena *arena = arena_new();
    uint32_t *table = table_new(&key, 3, 5000, arena);
    static bool seen[5000];
    int fixed = 0;

    for (uint32_t i = 0; i < 5000; i++) {
        ck_assert(!seen[table[i]]);
        seen[table[i]] = true;
        fixed += table[i] == i;
    }
    ck_assert_int_lt(fixed, 10);
    arena_free(arena);
}
END_TEST

START_TEST(uuids_keep_version_and_variant_and_lose_their_time)
{
    uint64_t state = 5;

    for (int i = 0; i < 2000; i++) {
        uint64_t words[2] = {random_next(&state), random_next(&state)};
        uint8_t uuid[16], moved[16];
        bool is_kept;
        uint8_t version = (uint8_t)(i % 16);

        memcpy(uuid, words, 16);
        uuid[6] = (uint8_t)((uuid[6] & 15) | version << 4);
        uuid[8] = (uint8_t)((uuid[8] & 63) | 0x80);
        memcpy(moved, uuid, 16);
        uuid_permute(&key, false, moved, &is_kept);
        ck_assert(!is_kept);
        ck_assert_uint_eq(moved[8] >> 6, 2);
        ck_assert_uint_eq(moved[6] >> 4,
                          version == 1 || version == 6 || version == 7 ? 4 : version);
        ck_assert_int_ne(memcmp(moved, uuid, 16), 0);
        memcpy(moved, uuid, 16);
        uuid_permute(&key, true, moved, &is_kept);
        ck_assert_uint_eq(moved[6] >> 4, version);
    }
}
END_TEST

START_TEST(the_nil_and_the_max_uuid_stay)
{
    uint8_t nil[16] = {0}, max[16], zero[16] = {0}, ones[16];
    bool is_kept;

    memset(max, 0xff, 16);
    memset(ones, 0xff, 16);
    uuid_permute(&key, false, nil, &is_kept);
    ck_assert(is_kept && memcmp(nil, zero, 16) == 0);
    uuid_permute(&key, false, max, &is_kept);
    ck_assert(is_kept && memcmp(max, ones, 16) == 0);
}
END_TEST

static int uuid_compare(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

START_TEST(neighboring_uuids_stay_distinct)
{
    static uint8_t uuids[4096][16];
    bool is_kept;

    for (int i = 0; i < 4096; i++) {
        uuids[i][6] = 0x40;
        uuids[i][8] = 0x80;
        uuids[i][i < 2048 ? 15 : 0] = (uint8_t)i;
        uuids[i][i < 2048 ? 14 : 1] = (uint8_t)((i & 2047) >> 8 | 16);
        uuid_permute(&key, false, uuids[i], &is_kept);
    }
    qsort(uuids, 4096, 16, uuid_compare);
    for (int i = 1; i < 4096; i++)
        ck_assert_int_ne(memcmp(uuids[i - 1], uuids[i], 16), 0);
}
END_TEST

Suite *suite_transform_feistel(void);
Suite *suite_transform_feistel(void)
{
    Suite *suite = suite_create("transform/feistel");
    TCase *tcase = tcase_create("feistel");

    tcase_add_loop_test(tcase, every_small_domain_is_permuted, 0, COUNT_OF(sizes));
    tcase_add_test(tcase, big_domains_invert);
    tcase_add_test(tcase, levels_and_keys_are_different_permutations);
    tcase_add_test(tcase, a_table_holds_every_value_once);
    tcase_add_test(tcase, uuids_keep_version_and_variant_and_lose_their_time);
    tcase_add_test(tcase, the_nil_and_the_max_uuid_stay);
    tcase_add_test(tcase, neighboring_uuids_stay_distinct);
    suite_add_tcase(suite, tcase);
    return suite;
}
