#include "transform/ff1.h"

#include <check.h>
#include <string.h>

static const uint8_t key[32] = {0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6, 0xAB, 0xF7, 0x15,
                                0x88, 0x09, 0xCF, 0x4F, 0x3C, 0xEF, 0x43, 0x59, 0xD8, 0xD5, 0x80,
                                0xAA, 0x4F, 0x7F, 0x03, 0x6D, 0x6F, 0x04, 0xFC, 0x6A, 0x94};

/* NIST, FF1samples.pdf. */
static const struct sample {
    size_t key_bytes;
    unsigned radix;
    const char *tweak, *in, *out;
} samples[] = {
    {16, 10, "", "0123456789", "2433477484"},
    {16, 10, "9876543210", "0123456789", "6124200773"},
    {16, 36, "7777pqrs777", "0123456789abcdefghi", "a9tv40mll9kdu509eum"},
    {24, 10, "", "0123456789", "2830668132"},
    {24, 10, "9876543210", "0123456789", "2496655549"},
    {24, 36, "7777pqrs777", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"},
    {32, 10, "", "0123456789", "6657667009"},
    {32, 10, "9876543210", "0123456789", "1001623463"},
    {32, 36, "7777pqrs777", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"},
};

static void value_fill(const struct sample *sample, struct ff1_value *value)
{
    memset(value, 0, sizeof(*value));
    value->length = (uint8_t)strlen(sample->in);
    value->tweak_length = (uint8_t)strlen(sample->tweak);
    memcpy(value->tweak, sample->tweak, value->tweak_length);
    for (size_t i = 0; i < value->length; i++)
        value->symbols[i] =
            (uint8_t)(sample->in[i] <= '9' ? sample->in[i] - '0' : sample->in[i] - 'a' + 10);
}

static void value_check(const struct sample *sample, const struct ff1_value *value)
{
    char text[FF1_SYMBOLS_MAX + 1] = "";

    for (size_t i = 0; i < value->length; i++)
        text[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[value->symbols[i]];
    ck_assert_str_eq(text, sample->out);
}

START_TEST(the_published_samples_hold)
{
    const struct sample *sample = &samples[_i];
    struct ff1_value value;
    struct error err = {0};
    struct ff1 ff1;

    ck_assert(ff1_init(&ff1, key, sample->key_bytes, &err));
    value_fill(sample, &value);
    ck_assert(ff1_encrypt(&ff1, sample->radix, &value, 1, &err));
    value_check(sample, &value);
    ff1_release(&ff1);
}
END_TEST

START_TEST(a_batch_of_mixed_tweaks_gives_what_single_values_give)
{
    static struct ff1_value values[150];
    struct error err = {0};
    struct ff1 ff1;

    ck_assert(ff1_init(&ff1, key, 32, &err));
    for (size_t i = 0; i < COUNT_OF(values); i++)
        value_fill(&samples[6 + i % 2], &values[i]);
    ck_assert(ff1_encrypt(&ff1, 10, values, COUNT_OF(values), &err));
    for (size_t i = 0; i < COUNT_OF(values); i++)
        value_check(&samples[6 + i % 2], &values[i]);
    ff1_release(&ff1);
}
END_TEST

START_TEST(fewer_than_a_million_strings_are_refused)
{
    ck_assert(!ff1_accepts(10, 5));
    ck_assert(ff1_accepts(10, 6));
    ck_assert(!ff1_accepts(26, 4));
    ck_assert(ff1_accepts(26, 5));
    ck_assert(ff1_accepts(10, 36));
    ck_assert(!ff1_accepts(10, 37));
}
END_TEST

Suite *suite_transform_ff1(void);
Suite *suite_transform_ff1(void)
{
    Suite *suite = suite_create("transform/ff1");
    TCase *tcase = tcase_create("ff1");

    tcase_add_loop_test(tcase, the_published_samples_hold, 0, COUNT_OF(samples));
    tcase_add_test(tcase, a_batch_of_mixed_tweaks_gives_what_single_values_give);
    tcase_add_test(tcase, fewer_than_a_million_strings_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
