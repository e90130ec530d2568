/* Which targets may be replaced, as a table. */
#include "stage/refusal.h"

#include <check.h>

struct row {
    const char *what;
    const char *system, *database;
    uint32_t oid; /* 0: absent */
    int64_t started_us;
    bool is_empty, is_marked;
    enum profile_mode mode;
    const char *adopt, *same_server, *restored;
    enum status status;
};

/* The source is database 'shop', number 5, on system "one", started at 1000. */
static const struct row rows[] = {
    {"absent elsewhere", "two", "s", 0, 2, 0, 0, MODE_SWAP, NULL, NULL, NULL, STATUS_OK},
    {"same name elsewhere", "two", "shop", 5, 2, 0, 1, MODE_SWAP, NULL, NULL, NULL, STATUS_OK},
    {"marked", "two", "s", 9, 2, 0, 1, MODE_SWAP, NULL, NULL, NULL, STATUS_OK},
    {"empty", "two", "s", 9, 2, 1, 0, MODE_SWAP, NULL, NULL, NULL, STATUS_OK},
    {"filled", "two", "s", 9, 2, 0, 0, MODE_SWAP, NULL, NULL, NULL, STATUS_POLICY},
    {"adopted", "two", "s", 9, 2, 0, 0, MODE_SWAP, "s", NULL, NULL, STATUS_OK},
    {"another adopted", "two", "s", 9, 2, 0, 0, MODE_SWAP, "t", NULL, NULL, STATUS_POLICY},
    {"the source", "one", "shop", 5, 1000, 0, 1, MODE_SWAP, "shop", "y", "y", STATUS_POLICY},
    {"the source renamed", "one", "s", 5, 1000, 0, 1, MODE_SWAP, "s", "y", "y", STATUS_POLICY},
    {"its primary", "one", "shop", 5, 77, 0, 1, MODE_SWAP, NULL, "y", NULL, STATUS_POLICY},
    {"one server", "one", "s", 9, 1000, 0, 1, MODE_SWAP, NULL, NULL, NULL, STATUS_POLICY},
    {"one server, absent", "one", "s", 0, 1000, 0, 0, MODE_SWAP, NULL, NULL, NULL, STATUS_POLICY},
    {"one server, a reason", "one", "s", 9, 1000, 0, 1, MODE_SWAP, NULL, "y", NULL, STATUS_OK},
    {"one server, the other", "one", "s", 9, 1000, 0, 1, MODE_SWAP, NULL, NULL, "y", STATUS_POLICY},
    {"a copy", "one", "s", 9, 77, 0, 1, MODE_SWAP, NULL, NULL, NULL, STATUS_POLICY},
    {"a copy, a reason", "one", "shop", 5, 77, 0, 1, MODE_SWAP, NULL, NULL, "y", STATUS_OK},
    {"unknown", "unknown", "s", 9, 77, 0, 1, MODE_SWAP, NULL, NULL, NULL, STATUS_POLICY},
    {"unknown, a reason", "unknown", "s", 9, 77, 0, 1, MODE_SWAP, NULL, NULL, "y", STATUS_OK},
    {"into an empty one", "two", "s", 9, 2, 1, 0, MODE_EMPTY, NULL, NULL, NULL, STATUS_OK},
    {"into a filled one", "two", "s", 9, 2, 0, 1, MODE_EMPTY, "s", NULL, NULL, STATUS_POLICY},
    {"into an absent one", "two", "s", 0, 2, 0, 0, MODE_EMPTY, NULL, NULL, NULL, STATUS_TARGET},
};

static const struct db_info source = {.engine = ENGINE_POSTGRESQL,
                                      .version_number = 150020,
                                      .version = "15.20",
                                      .database = "shop",
                                      .system = "one",
                                      .database_oid = 5,
                                      .started_us = 1000};

static struct db_info server_of(const struct row *row)
{
    return (struct db_info){.engine = ENGINE_POSTGRESQL,
                            .version_number = 150001,
                            .version = "15.1",
                            .database = row->database,
                            .system = row->system,
                            .database_oid = row->oid,
                            .started_us = row->started_us};
}

START_TEST(every_row_of_the_table_is_decided_as_written)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        struct db_info server = server_of(row);
        struct target_facts facts = {.source = &source,
                                     .server = &server,
                                     .exists = row->oid != 0,
                                     .is_empty = row->is_empty,
                                     .is_marked = row->is_marked,
                                     .mode = row->mode,
                                     .adopt = row->adopt,
                                     .same_server = row->same_server,
                                     .restored_from_source = row->restored};
        struct error err = {0};
        bool is_allowed = target_allow(&facts, &err);

        ck_assert_msg(err.status == row->status, "%s: %d (%s)", row->what, err.status, err.cause);
        ck_assert(is_allowed == (row->status == STATUS_OK));
    }
}
END_TEST

START_TEST(an_older_server_or_another_engine_is_refused)
{
    struct db_info server = server_of(&rows[0]);
    struct target_facts facts = {.source = &source, .server = &server};
    struct error err = {0};

    server.version_number = 140099;
    server.version = "14.99";
    ck_assert(!target_allow(&facts, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    server.version_number = 180000;
    ck_assert(target_allow(&facts, &err));
    server.engine = ENGINE_MYSQL;
    ck_assert(!target_allow(&facts, &err));
    ck_assert_int_eq(err.status, STATUS_PROFILE);
}
END_TEST

START_TEST(a_server_that_hides_its_identifier_is_told_the_grant)
{
    struct db_info server = server_of(&rows[0]);
    struct db_info hidden = source;
    struct target_facts facts = {.source = &hidden, .server = &server};
    struct error err = {0};

    hidden.system = "unknown";
    hidden.user = "reader";
    server.user = "stager";
    ck_assert(!target_allow(&facts, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_ptr_nonnull(strstr(err.cause, "is not known"));
    ck_assert_ptr_nonnull(strstr(err.hint, "pg_control_system() TO reader"));
    hidden.system = "one";
    server.system = "unknown";
    ck_assert(!target_allow(&facts, &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "pg_control_system() TO stager"));
    /* the same start is the same server, whatever else is not known */
    server.started_us = source.started_us;
    ck_assert(!target_allow(&facts, &err));
    ck_assert_ptr_nonnull(strstr(err.cause, "own server"));
}
END_TEST

/* The source is schema 'shop' of MySQL 8.4 on system "one", started at 1000 s. */
struct my_row {
    const char *what, *system, *database;
    int version;
    int64_t started_s;
    bool is_mariadb;
    const char *same_server, *restored;
    enum status status;
};

static const struct my_row my_rows[] = {
    {"elsewhere", "two", "s", 80400, 1, 0, NULL, NULL, STATUS_OK},
    {"elsewhere, same name", "two", "shop", 80400, 1, 0, NULL, NULL, STATUS_OK},
    {"elsewhere, started together", "two", "s", 80400, 1000, 0, NULL, NULL, STATUS_OK},
    {"the source", "one", "shop", 80400, 1001, 0, "y", "y", STATUS_POLICY},
    {"the source in another case", "one", "Shop", 80400, 999, 0, "y", "y", STATUS_POLICY},
    {"one server", "one", "s", 80400, 1000, 0, NULL, NULL, STATUS_POLICY},
    {"one server, a reason", "one", "s", 80400, 1000, 0, "y", NULL, STATUS_OK},
    {"a copy", "one", "shop", 80400, 77, 0, NULL, "y", STATUS_OK},
    {"a copy, no reason", "one", "s", 80400, 77, 0, NULL, NULL, STATUS_POLICY},
    {"unknown", NULL, "s", 80400, 77, 0, NULL, NULL, STATUS_POLICY},
    {"unknown, a reason", NULL, "s", 80400, 77, 0, NULL, "y", STATUS_OK},
    {"older", "two", "s", 80036, 1, 0, NULL, NULL, STATUS_POLICY},
    {"of an older release", "two", "s", 80401, 1, 0, NULL, NULL, STATUS_OK},
    {"newer", "two", "s", 90700, 1, 0, NULL, NULL, STATUS_OK},
    {"of the other flavor", "two", "s", 110402, 1, 1, NULL, NULL, STATUS_POLICY},
};

START_TEST(schemas_of_mysql_are_told_by_name_and_flavor)
{
    struct db_info origin = {.engine = ENGINE_MYSQL,
                             .version_number = 80405,
                             .version = "8.4.5",
                             .database = "shop",
                             .system = "one",
                             .started_us = INT64_C(1000000000)};

    for (size_t i = 0; i < COUNT_OF(my_rows); i++) {
        const struct my_row *row = &my_rows[i];
        struct db_info server = {.engine = ENGINE_MYSQL,
                                 .version_number = row->version,
                                 .version = "x",
                                 .database = row->database,
                                 .system = row->system,
                                 .is_mariadb = row->is_mariadb,
                                 .started_us = row->started_s * 1000000};
        struct target_facts facts = {.source = &origin,
                                     .server = &server,
                                     .exists = true,
                                     .is_marked = true,
                                     .same_server = row->same_server,
                                     .restored_from_source = row->restored};
        struct error err = {0};

        ck_assert_msg(target_allow(&facts, &err) == (row->status == STATUS_OK), "%s: %s", row->what,
                      err.cause);
        ck_assert_msg(err.status == row->status, "%s: %s", row->what, err.cause);
    }
}
END_TEST

Suite *suite_stage_refusal(void);
Suite *suite_stage_refusal(void)
{
    Suite *suite = suite_create("stage/refusal");
    TCase *tcase = tcase_create("refusal");

    tcase_add_test(tcase, every_row_of_the_table_is_decided_as_written);
    tcase_add_test(tcase, an_older_server_or_another_engine_is_refused);
    tcase_add_test(tcase, a_server_that_hides_its_identifier_is_told_the_grant);
    tcase_add_test(tcase, schemas_of_mysql_are_told_by_name_and_flavor);
    suite_add_tcase(suite, tcase);
    return suite;
}
