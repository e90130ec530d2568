#include "fixture.h"
#include "transform/cryptopan.h"

#include <arpa/inet.h>
#include <check.h>
#include <string.h>

/* The sample trace that the authors ship with Crypto-PAn 1.0. */
START_TEST(the_published_trace_of_cryptopan_holds)
{
    static const uint8_t key[32] = {21,  34, 23,  141, 51, 164, 207, 128, 19,  10,  91,
                                    22,  73, 144, 125, 16, 216, 152, 143, 131, 121, 121,
                                    101, 39, 98,  87,  76, 45,  42,  132, 34,  2};
    static const struct {
        const char *in, *out;
    } trace[] = {
        {"128.11.68.132", "135.242.180.132"},
        {"129.118.74.4", "134.136.186.123"},
        {"130.132.252.244", "133.68.164.234"},
        {"141.223.7.43", "141.167.8.160"},
        {"141.233.145.108", "141.129.237.235"},
        {"152.163.225.39", "151.140.114.167"},
        {"156.29.3.236", "147.225.12.42"},
        {"165.247.96.84", "162.9.99.234"},
        {"166.107.77.190", "160.132.178.185"},
        {"192.102.249.13", "252.138.62.131"},
        {"192.215.32.125", "252.43.47.189"},
        {"192.233.80.103", "252.25.108.8"},
        {"192.41.57.43", "252.222.221.184"},
        {"193.150.244.223", "253.169.52.216"},
        {"24.5.0.80", "100.9.15.210"},
        {"2001:db8::1", "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e"},
    };
    struct cryptopan pan;
    struct error err = {0};

    ck_assert(cryptopan_init(&pan, key, &err));
    for (size_t i = 0; i < COUNT_OF(trace); i++) {
        const bool is_long = strchr(trace[i].in, ':') != NULL;
        uint8_t address[16], wanted[16];

        ck_assert_int_eq(inet_pton(is_long ? AF_INET6 : AF_INET, trace[i].in, address), 1);
        ck_assert_int_eq(inet_pton(is_long ? AF_INET6 : AF_INET, trace[i].out, wanted), 1);
        ck_assert(cryptopan_apply(&pan, address, is_long ? 128 : 32, &err));
        ck_assert_msg(memcmp(address, wanted, is_long ? 16 : 4) == 0, "%s", trace[i].in);
    }
    cryptopan_release(&pan);
}
END_TEST

START_TEST(an_address_stays_in_its_special_range)
{
    static const struct {
        const char *in, *begins;
        bool stays;
    } cases[] = {
        {"10.1.2.3", "10.", false},
        {"192.168.1.7", "192.168.", false},
        {"127.0.0.2", "127.", false},
        {"169.254.3.4", "169.254.", false},
        {"203.0.113.9", "203.0.113.", false},
        {"10.1.2.0/24", "10.", false},
        {"10.1.2.3/24", "10.", false},
        {"0.0.0.0", "0.0.0.0", true},
        {"127.0.0.1", "127.0.0.1", true},
        {"::1", "::1", true},
        {"::", "::", true},
        {"10.0.0.0/8", "10.0.0.0/8", true},
        {"0.0.0.0/0", "0.0.0.0/0", true},
        {"fe80::1", "fe", false},
        {"2001:db8::5", "2001:db8:", false},
        {"::ffff:1.2.3.4", "::ffff:", false},
        {"8.8.8.8", "", false},
        {"2a00:1450:4001::200e", "", false},
        {"fd00::/8", "fd00::/8", false},
        {"2a00:1450::/32", "", false},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "ip", NULL));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *moved = fixture_text(&fixture, cases[i].in);

        if (strcmp(cases[i].in, "fd00::/8") != 0)
            ck_assert_msg(strncmp(moved, cases[i].begins, strlen(cases[i].begins)) == 0, "%s -> %s",
                          cases[i].in, moved);
        ck_assert_msg(cases[i].stays == (strcmp(moved, cases[i].in) == 0) ||
                          strcmp(cases[i].in, "fd00::/8") == 0,
                      "%s -> %s", cases[i].in, moved);
        if (strchr(cases[i].in, '/'))
            ck_assert_str_eq(strchr(moved, '/'), strchr(cases[i].in, '/'));
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_network_keeps_its_zero_bits_and_an_address_in_one_its_host)
{
    static const char *const modes[] = {NULL, "{ keep: prefix }"};
    struct fixture fixture;

    for (size_t m = 0; m < COUNT_OF(modes); m++) {
        fixture_init(&fixture, KIND_TEXT, 1);
        fixture.site.accept_risk = "networks are public";
        ck_assert(fixture_prepare(&fixture, "ip", modes[m]));
        for (unsigned length = 17; length < 32; length++) {
            const uint32_t host = UINT32_C(0xffffffff) >> length;
            bool is_taken[256] = {false};

            for (unsigned i = 0; i <= (host < 255 ? host : 255); i++) {
                const char *moved = fixture_text(
                    &fixture, arena_printf(fixture.arena, "81.2.%u.%u/%u", 0, i, length));
                struct in_addr address;
                char *plain = arena_strndup(fixture.arena, moved, strcspn(moved, "/"));

                ck_assert_int_eq(inet_pton(AF_INET, plain, &address), 1);
                ck_assert_int_eq((ntohl(address.s_addr) & host) == 0, i == 0);
                if (m == 1 && host <= 255) {
                    ck_assert(!is_taken[ntohl(address.s_addr) & host]);
                    is_taken[ntohl(address.s_addr) & host] = true;
                }
            }
        }
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(the_256_addresses_of_a_range_change_places)
{
    static struct value values[256];
    struct fixture fixture;
    bool is_taken[256] = {false};

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "ip", NULL));
    for (unsigned i = 0; i < 256; i++)
        values[i] = value_text(arena_printf(fixture.arena, "192.0.2.%u", i));
    fixture_apply(&fixture, values, 256);
    for (unsigned i = 0; i < 256; i++) {
        unsigned last = 0;

        for (uint32_t at = 8; at < values[i].bytes.len; at++)
            last = last * 10 + (unsigned)(values[i].bytes.ptr[at] - '0');
        ck_assert_uint_ne(last, i);
        ck_assert(!is_taken[last]);
        is_taken[last] = true;
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_no_address_is_scrambled_and_prefixes_need_a_reason)
{
    static const char *const broken[] = {"256.1.2.3", "1.2.3",      "1.2.3.4/33", "host7",
                                         "fe80::1%0", "1.2.3.4/08", "::/129",     "1.2.3.4 "};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "ip", NULL));
    ck_assert_str_eq(fixture_text(&fixture, "2A00:0::1"), fixture_text(&fixture, "2a00::1"));
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        ck_assert_str_ne(fixture_text(&fixture, broken[i]), broken[i]);
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    ck_assert(!fixture_prepare(&fixture, "ip", "{ keep: prefix }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture.column.max_length = 15;
    ck_assert(fixture_prepare(&fixture, "ip", NULL));
    ck_assert_uint_le(strlen(fixture_text(&fixture, "1.2.3.4")), 15);
    ck_assert_uint_eq(strlen(fixture_text(&fixture, "2a00::1")), 7);
    fixture.column.max_length = 14;
    ck_assert(!fixture_prepare(&fixture, "ip", NULL));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_ip(void);
Suite *suite_transform_ip(void)
{
    Suite *suite = suite_create("transform/ip");
    TCase *tcase = tcase_create("ip");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, the_published_trace_of_cryptopan_holds);
    tcase_add_test(tcase, an_address_stays_in_its_special_range);
    tcase_add_test(tcase, a_network_keeps_its_zero_bits_and_an_address_in_one_its_host);
    tcase_add_test(tcase, the_256_addresses_of_a_range_change_places);
    tcase_add_test(tcase, what_is_no_address_is_scrambled_and_prefixes_need_a_reason);
    suite_add_tcase(suite, tcase);
    return suite;
}
