/* The list of an archive, as pg_restore 15 printed it for a schema of odd names. */
#include "stage/pg_list.h"

#include <check.h>
#include <string.h>

/* clang-format off */
static const char printed[] =
    ";\n"
    "; Archive created at 2026-11-21 03:28:36 UTC\n"
    ";     dbname: shop\n"
    ";     TOC Entries: 44\n"
    ";     Compression: -1\n"
    ";     Dump Version: 1.14-0\n"
    ";     Format: CUSTOM\n"
    ";     Integer: 4 bytes\n"
    ";     Offset: 8 bytes\n"
    ";     Dumped from database version: 15.20 (Debian 15.20-0+deb12u1)\n"
    ";     Dumped by pg_dump version: 15.20 (Debian 15.20-0+deb12u1)\n"
    ";\n"
    ";\n"
    "; Selected TOC Entries:\n"
    ";\n"
    "3415; 0 0 ENCODING - ENCODING \n"
    "3416; 0 0 STDSTRINGS - STDSTRINGS \n"
    "3417; 0 0 SEARCHPATH - SEARCHPATH \n"
    "3418; 1262 16387 DATABASE - shop postgres\n"
    "2; 3079 16388 EXTENSION - postgres_fdw \n"
    "3419; 0 0 COMMENT - EXTENSION postgres_fdw \n"
    ";\tdepends on: 2\n"
    "233; 1255 16456 FUNCTION public evt() postgres\n"
    "2084; 1417 16395 SERVER - prod postgres\n"
    ";\tdepends on: 2 2 2\n"
    "3420; 0 0 USER MAPPING - USER MAPPING app_prod SERVER prod postgres\n"
    "223; 1259 16437 TABLE public Odd \"Name\"  x; y postgres\n"
    "220; 1259 16415 TABLE public customers postgres\n"
    "3421; 0 0 ACL public COLUMN customers.name postgres\n"
    ";\tdepends on: 220\n"
    "219; 1259 16414 SEQUENCE public customers_id_seq postgres\n"
    ";\tdepends on: 220\n"
    "224; 1259 16447 TABLE public ev postgres\n"
    "225; 1259 16450 TABLE public ev_1 postgres\n"
    ";\tdepends on: 224\n"
    "222; 1259 16423 TABLE public orders postgres\n"
    "3422; 0 0 COMMENT public TABLE orders postgres\n"
    ";\tdepends on: 222\n"
    "3423; 0 0 ACL public TABLE orders postgres\n"
    ";\tdepends on: 222\n"
    "226; 1259 16460 MATERIALIZED VIEW public m1 postgres\n"
    ";\tdepends on: 222\n"
    "227; 1259 16464 MATERIALIZED VIEW public m2 postgres\n"
    ";\tdepends on: 226\n"
    "221; 1259 16422 SEQUENCE public orders_id_seq postgres\n"
    ";\tdepends on: 222\n"
    "3424; 0 0 SEQUENCE OWNED BY public orders_id_seq postgres\n"
    ";\tdepends on: 221\n"
    "215; 1259 16397 FOREIGN TABLE public remote_rates postgres\n"
    ";\tdepends on: 2084\n"
    "3425; 0 0 COMMENT public FOREIGN TABLE remote_rates postgres\n"
    ";\tdepends on: 215\n"
    "216; 1259 16400 VIEW public rates postgres\n"
    ";\tdepends on: 215 215\n"
    "3426; 0 0 COMMENT public VIEW rates postgres\n"
    ";\tdepends on: 216\n"
    "217; 1259 16404 VIEW public rates2 postgres\n"
    ";\tdepends on: 216 216\n"
    "218; 1259 16408 MATERIALIZED VIEW public rates_m postgres\n"
    ";\tdepends on: 217 217\n"
    "3249; 0 0 TABLE ATTACH public ev_1 postgres\n"
    ";\tdepends on: 225 224\n"
    "3250; 2604 16426 DEFAULT public orders id postgres\n"
    ";\tdepends on: 222 221 222\n"
    "3257; 2606 16441 CONSTRAINT public Odd \"Name\"  x; y Odd \"Name\"  x; y_pkey postgres\n"
    ";\tdepends on: 223\n"
    "3253; 2606 16421 CONSTRAINT public customers customers_pkey postgres\n"
    ";\tdepends on: 220\n"
    "3255; 2606 16431 CONSTRAINT public orders orders_pkey postgres\n"
    ";\tdepends on: 222\n"
    "3258; 1259 16453 INDEX public ev_at_idx postgres\n"
    ";\tdepends on: 224\n"
    "3259; 1259 16454 INDEX public ev_1_at_idx postgres\n"
    ";\tdepends on: 3258 225 225\n"
    "3260; 0 0 INDEX ATTACH public ev_1_at_idx postgres\n"
    ";\tdepends on: 3259 3258 225 224\n"
    "3410; 2618 16468 RULE public customers r postgres\n"
    ";\tdepends on: 220 220 220\n"
    "3262; 2606 16442 FK CONSTRAINT public Odd \"Name\"  x; y Odd \"Name\"  x; y_id_fkey postgres\n"
    ";\tdepends on: 3253 223 220\n"
    "3261; 2606 16432 FK CONSTRAINT public orders orders_customer_id_fkey postgres\n"
    ";\tdepends on: 3253 222 220\n"
    "3411; 0 16423 ROW SECURITY public orders postgres\n"
    ";\tdepends on: 222\n"
    "3412; 3256 16455 POLICY public orders p postgres\n"
    ";\tdepends on: 222 222\n"
    "3427; 0 0 COMMENT public POLICY p ON orders postgres\n"
    ";\tdepends on: 3412\n"
    "2085; 826 16469 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES postgres\n"
    "3248; 3466 16457 EVENT TRIGGER - et postgres\n"
    ";\tdepends on: 233\n";
/* clang-format on */

static struct arena *arena;
static struct pg_list list;

static void setup(void)
{
    struct error err = {0};

    arena = arena_new();
    ck_assert_msg(pg_list_parse(span_of(printed), arena, &list, &err), "%s", err.cause);
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(every_entry_is_found_with_its_numbers)
{
    const struct pg_entry *entry = pg_list_find(&list, 1259, 16437);

    ck_assert_uint_eq(list.count, 44);
    ck_assert_uint_eq(entry->number, 223);
    ck_assert_str_eq(entry->text, "TABLE public Odd \"Name\"  x; y postgres");
    ck_assert_uint_eq(entry->depends_count, 0);
    entry = pg_list_number(&list, 3262);
    ck_assert(pg_entry_is(entry, "FK CONSTRAINT"));
    ck_assert_uint_eq(entry->class_id, 2606);
    ck_assert_uint_eq(entry->depends_count, 3);
    ck_assert_uint_eq(entry->depends[0], 3253);
    ck_assert(pg_list_find(&list, 1259, 999) == NULL);
    ck_assert(pg_list_number(&list, 1) == NULL);
}
END_TEST

START_TEST(a_kind_is_a_whole_word)
{
    const struct pg_entry *entry = pg_list_number(&list, 3249);

    ck_assert(pg_entry_is(entry, "TABLE ATTACH"));
    ck_assert(!pg_entry_is(entry, "TABLE ATT"));
}
END_TEST

START_TEST(what_depends_on_something_dropped_is_dropped_too)
{
    struct error err = {0};
    static const uint32_t fallen[] = {2084, 215, 3425, 216, 3426, 217, 218};
    size_t dropped = 0;

    pg_list_find(&list, 1417, 16395)->is_dropped = true; /* the foreign server */
    ck_assert(pg_list_close(&list, &err));
    for (size_t i = 0; i < COUNT_OF(fallen); i++)
        ck_assert_msg(pg_list_number(&list, fallen[i])->is_dropped, "%u", fallen[i]);
    for (size_t i = 0; i < list.count; i++)
        dropped += list.entries[i].is_dropped;
    ck_assert_uint_eq(dropped, COUNT_OF(fallen));
}
END_TEST

START_TEST(numbers_of_what_stays_are_written_in_order)
{
    struct buf text;

    buf_init(&text, 4096);
    for (size_t i = 3; i < list.count; i++)
        list.entries[i].is_dropped = i != 10;
    pg_list_write(&list, &text);
    ck_assert_str_eq(buf_text(&text), "3415\n3416\n3417\n220\n");
    buf_release(&text);
}
END_TEST

START_TEST(a_text_that_is_no_list_is_refused)
{
    static const char *const texts[] = {"",
                                        ";\n; only comments\n",
                                        "no number\n",
                                        "12; x TABLE\n",
                                        "12 1259 1 TABLE\n",
                                        "99999999999; 1 1 TABLE a b\n",
                                        ";\tdepends on: 3\n",
                                        "1; 1 1 TABLE a b\n;\tdepends on: 3 x\n"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct pg_list other;
        struct error err = {0};

        ck_assert_msg(!pg_list_parse(span_of(texts[i]), arena, &other, &err), "%s", texts[i]);
        ck_assert_int_eq(err.status, STATUS_LOCAL);
    }
}
END_TEST

Suite *suite_stage_pg_list(void);
Suite *suite_stage_pg_list(void)
{
    Suite *suite = suite_create("stage/pg_list");
    TCase *tcase = tcase_create("list");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, every_entry_is_found_with_its_numbers);
    tcase_add_test(tcase, a_kind_is_a_whole_word);
    tcase_add_test(tcase, what_depends_on_something_dropped_is_dropped_too);
    tcase_add_test(tcase, numbers_of_what_stays_are_written_in_order);
    tcase_add_test(tcase, a_text_that_is_no_list_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
