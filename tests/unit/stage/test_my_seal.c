/* The seal on a swap's journal. */
#include "stage/my_stage.h"
#include "transform/keys.h"

#include <check.h>
#include <sodium.h>
#include <string.h>

static struct keyring *keyring_of(int byte)
{
    uint8_t *master;
    struct error err = {.status = STATUS_OK};
    struct keyring *keyring;

    ck_assert(sodium_init() >= 0);
    master = sodium_malloc(32);
    ck_assert(master != NULL);
    memset(master, byte, 32);
    ck_assert(keyring_new(master, 1, &keyring, &err));
    return keyring;
}

/* One with something in every place, sealed with that key. */
struct sealed {
    struct my_program old, new;
    const char *change;
    struct my_journal journal;
    char seal[MY_SEAL_BYTES];
};

static void seal(struct sealed *sealed, const struct keyring *keyring)
{
    *sealed = (struct sealed){.old = {.kind = MY_PROGRAM_VIEW,
                                      .name = "o",
                                      .sql = span_of("CREATE VIEW o AS SELECT 1"),
                                      .client = "utf8mb4",
                                      .collation = "utf8mb4_bin"},
                              .new = {.kind = MY_PROGRAM_EVENT,
                                      .name = "n",
                                      .sql = span_of("CREATE EVENT n"),
                                      .client = "gbk",
                                      .collation = "gbk_bin",
                                      .mode = "",
                                      .zone = "UTC"},
                              .change = "ALTER TABLE t MODIFY a INT",
                              .journal = {.schema = "s__new_1",
                                          .old_schema = "s__old_1",
                                          .mark = "{}",
                                          .old_mark = "{}",
                                          .charset = "latin1",
                                          .collation = "latin1_bin",
                                          .step = 1}};
    sealed->journal.old = (struct my_programs){1, 1, &sealed->old};
    sealed->journal.new = (struct my_programs){1, 1, &sealed->new};
    sealed->journal.change_count = 1;
    sealed->journal.changes = &sealed->change;
    my_seal(keyring, &sealed->journal, sealed->journal.step, sealed->seal);
    sealed->journal.seal = sealed->seal;
}

START_TEST(a_seal_holds_for_what_was_sealed_and_its_key)
{
    struct keyring *keyring = keyring_of(1), *other = keyring_of(2);
    struct sealed sealed;

    seal(&sealed, keyring);
    ck_assert(my_seal_holds(keyring, &sealed.journal));
    ck_assert(!my_seal_holds(other, &sealed.journal));
    sealed.journal.seal = NULL;
    ck_assert(!my_seal_holds(keyring, &sealed.journal));
    sealed.journal.seal = "";
    ck_assert(!my_seal_holds(keyring, &sealed.journal));
    keyring_free(keyring);
    keyring_free(other);
}
END_TEST

#define BREAKS(change)                                                                             \
    do {                                                                                           \
        seal(&sealed, keyring);                                                                    \
        change;                                                                                    \
        ck_assert_msg(!my_seal_holds(keyring, &sealed.journal), "%s", #change);                    \
    } while (0)

START_TEST(a_change_anywhere_breaks_the_seal)
{
    struct keyring *keyring = keyring_of(1);
    struct sealed sealed;

    BREAKS(sealed.journal.step = 2);
    BREAKS(sealed.journal.step = -1);
    BREAKS(sealed.journal.schema = "s__new_2");
    BREAKS(sealed.journal.old_schema = NULL);
    BREAKS(sealed.journal.mark = "{ }");
    BREAKS(sealed.journal.old_mark = "");
    BREAKS(sealed.journal.charset = "latin2");
    BREAKS(sealed.journal.collation = "latin1_bin ");
    BREAKS(sealed.old.kind = MY_PROGRAM_TRIGGER);
    BREAKS(sealed.old.name = "p");
    BREAKS(sealed.old.mode = "");
    BREAKS(sealed.new.sql = span_of("CREATE EVENT m"));
    BREAKS(sealed.new.client = "utf8mb4");
    BREAKS(sealed.new.collation = "gbk_chinese_ci");
    BREAKS(sealed.new.mode = NULL);
    BREAKS(sealed.new.zone = NULL);
    BREAKS(sealed.new.is_gone = true);
    BREAKS(sealed.change = "ALTER TABLE t MODIFY b INT");
    BREAKS(sealed.journal.change_count = 0);
    /* what was taken away made again, and the other way round */
    BREAKS(sealed.journal.new = sealed.journal.old; sealed.journal.old = (struct my_programs){0});
    keyring_free(keyring);
}
END_TEST

Suite *suite_stage_my_seal(void);
Suite *suite_stage_my_seal(void)
{
    Suite *suite = suite_create("stage/my_seal");
    TCase *tcase = tcase_create("my_seal");

    tcase_add_test(tcase, a_seal_holds_for_what_was_sealed_and_its_key);
    tcase_add_test(tcase, a_change_anywhere_breaks_the_seal);
    suite_add_tcase(suite, tcase);
    return suite;
}
