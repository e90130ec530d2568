#include "transform/keys.h"

#include <check.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static struct keyring *keyring_of(uint8_t byte, int64_t epoch)
{
    struct error err = {0};
    struct keyring *keyring;
    uint8_t *master;

    ck_assert_int_ge(sodium_init(), 0);
    master = sodium_malloc(32);
    memset(master, byte, 32);
    ck_assert(keyring_new(master, epoch, &keyring, &err));
    return keyring;
}

static bool same(const struct domain_key *a, const struct domain_key *b)
{
    return a->sip.k0 == b->sip.k0 && a->sip.k1 == b->sip.k1 &&
           memcmp(a->aes, b->aes, sizeof(a->aes)) == 0 && a->table.k0 == b->table.k0 &&
           a->table.k1 == b->table.k1;
}

/* RFC 7693, appendix A. */
START_TEST(the_published_vector_of_blake2b_holds)
{
    static const char wanted[] = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                                 "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
    uint8_t bytes[64];
    char text[129];

    ck_assert_int_eq(crypto_generichash_blake2b(bytes, 64, (const uint8_t *)"abc", 3, NULL, 0), 0);
    sodium_bin2hex(text, sizeof(text), bytes, sizeof(bytes));
    ck_assert_str_eq(text, wanted);
}
END_TEST

START_TEST(a_domain_key_is_blake2b_as_written)
{
    static const uint8_t personal[16] = "understudy-v1", salt[16] = {3};
    static const char message[] = "permute\0public.t.id\0x=1;";
    struct keyring *keyring = keyring_of(7, 3);
    struct domain_key key;
    uint8_t master[32], bytes[64];
    struct sipkey table;

    memset(master, 7, sizeof(master));
    ck_assert_int_eq(crypto_generichash_blake2b_salt_personal(bytes, 64, (const uint8_t *)message,
                                                              sizeof(message) - 1, master, 32, salt,
                                                              personal),
                     0);
    keyring_derive(keyring, "permute", "public.t.id", SPAN_LITERAL("x=1;"), &key);
    ck_assert_int_eq(memcmp(key.aes, bytes + 16, 32), 0);
    table = sipkey_read(bytes + 48);
    ck_assert_uint_eq(key.table.k0, table.k0);
    keyring_free(keyring);
}
END_TEST

START_TEST(the_mapping_of_this_version_does_not_change)
{
    struct keyring *keyring = keyring_of(7, 1);
    struct domain_key key;
    char text[17];

    keyring_derive(keyring, "permute", "public.t.id", (struct span){0}, &key);
    keyring_fingerprint(keyring, text);
    ck_assert_uint_eq(key.sip.k0, UINT64_C(10568028340504631682));
    ck_assert_str_eq(text, "b94a8fe454fbad3d");
    keyring_free(keyring);
}
END_TEST

START_TEST(held_keys_are_what_is_derived)
{
    struct keyring *keyring = keyring_of(3, 1);
    const struct domain_key *held[200];
    struct error err = {0};

    for (int i = 0; i < 200; i++) {
        char domain[16];

        snprintf(domain, sizeof(domain), "d%d", i);
        ck_assert(keyring_hold(keyring, "email", domain, (struct span){0}, &held[i], &err));
        if (i == 100)
            keyring_seal(keyring);
    }
    for (int i = 0; i < 200; i++) {
        struct domain_key key;
        char domain[16];

        snprintf(domain, sizeof(domain), "d%d", i);
        keyring_derive(keyring, "email", domain, (struct span){0}, &key);
        ck_assert(same(&key, held[i]));
    }
    keyring_free(keyring);
}
END_TEST

START_TEST(a_sealed_key_cannot_be_written)
{
    struct keyring *keyring = keyring_of(3, 1);
    const struct domain_key *held = NULL;
    struct error err = {0};
    uintptr_t address;

    ck_assert(keyring_hold(keyring, "email", "email", (struct span){0}, &held, &err));
    keyring_seal(keyring);
    address = (uintptr_t)held;
    *(volatile uint8_t *)address = 1;
}
END_TEST

START_TEST(rule_domain_parameters_epoch_and_key_each_change_it)
{
    struct keyring *keyring = keyring_of(1, 1), *later = keyring_of(1, 2),
                   *other = keyring_of(2, 1);
    struct domain_key keys[6];

    keyring_derive(keyring, "email", "email", (struct span){0}, &keys[0]);
    keyring_derive(keyring, "phone", "email", (struct span){0}, &keys[1]);
    keyring_derive(keyring, "email", "mail", (struct span){0}, &keys[2]);
    keyring_derive(keyring, "email", "email", SPAN_LITERAL("a"), &keys[3]);
    keyring_derive(later, "email", "email", (struct span){0}, &keys[4]);
    keyring_derive(other, "email", "email", (struct span){0}, &keys[5]);
    for (int i = 0; i < 6; i++) {
        for (int j = 0; j < i; j++)
            ck_assert(!same(&keys[i], &keys[j]));
    }
    keyring_free(keyring);
    keyring_free(later);
    keyring_free(other);
}
END_TEST

START_TEST(fixed_keys_and_fingerprints_do_not_know_the_epoch)
{
    struct keyring *keyring = keyring_of(1, 1), *later = keyring_of(1, -1);
    struct domain_key a, b;
    char first[17], second[17];

    keyring_derive_fixed(keyring, "rows", "public.t", &a);
    keyring_derive_fixed(later, "rows", "public.t", &b);
    ck_assert(same(&a, &b));
    keyring_derive(later, "rows", "public.t", (struct span){0}, &b);
    ck_assert(!same(&a, &b));
    keyring_fingerprint(keyring, first);
    keyring_fingerprint(later, second);
    ck_assert_str_eq(first, second);
    keyring_free(keyring);
    keyring_free(later);
}
END_TEST

Suite *suite_transform_keys(void);
Suite *suite_transform_keys(void)
{
    Suite *suite = suite_create("transform/keys");
    TCase *tcase = tcase_create("keys");

    tcase_add_test(tcase, the_published_vector_of_blake2b_holds);
    tcase_add_test(tcase, a_domain_key_is_blake2b_as_written);
    tcase_add_test(tcase, held_keys_are_what_is_derived);
    tcase_add_test_raise_signal(tcase, a_sealed_key_cannot_be_written, SIGSEGV);
    tcase_add_test(tcase, the_mapping_of_this_version_does_not_change);
    tcase_add_test(tcase, rule_domain_parameters_epoch_and_key_each_change_it);
    tcase_add_test(tcase, fixed_keys_and_fingerprints_do_not_know_the_epoch);
    suite_add_tcase(suite, tcase);
    return suite;
}
