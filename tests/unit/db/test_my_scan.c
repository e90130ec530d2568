/* SQL as MySQL and MariaDB print it, piece by piece. */
#include "db/my_scan.h"

#include <check.h>
#include <string.h>

static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void end(void)
{
    arena_free(arena);
}

/* The pieces with a letter for their kind before each: w word, n name, t text, s sign; "!" at the
 * end where a quote was not closed. */
static void check_pieces(const char *sql, const char *wanted)
{
    static const char kinds[] = {
        [MY_PIECE_WORD] = 'w', [MY_PIECE_NAME] = 'n', [MY_PIECE_TEXT] = 't', [MY_PIECE_SIGN] = 's'};
    struct my_scan scan;
    struct buf out;

    buf_init(&out, 4096);
    my_scan_begin(&scan, span_of(sql));
    for (struct my_piece piece = my_scan_next(&scan); piece.kind != MY_PIECE_END;
         piece = my_scan_next(&scan))
        buf_add_format(&out, "%s%c:%s", out.len > 0 ? " " : "", kinds[piece.kind],
                       my_piece_text(&piece, arena));
    buf_add_text(&out, scan.is_broken ? " !" : "");
    ck_assert_str_eq(buf_text(&out), wanted);
    buf_release(&out);
}

START_TEST(quotes_and_escapes_are_taken_off)
{
    check_pieces("`a``b\\` 'it''s' 'a\\'b\\\\' \"q\"\"\\\"\"", "n:a`b\\ t:it's t:a'b\\ t:q\"\"");
    check_pieces("'\\n\\t\\r\\b\\Z' '100\\%\\_' '\\x'", "t:\n\t\r\b\032 t:100\\%\\_ t:x");
    check_pieces("'' ``", "t: n:");
}
END_TEST

START_TEST(a_number_is_one_piece_and_a_name_of_digits_is_none)
{
    check_pieces("1.5 2. 1.5e-3 7e+2 1e5 0x1F", "w:1.5 w:2. w:1.5e-3 w:7e+2 w:1e5 w:0x1F");
    check_pieces("a.1b 1b.c 1-2 1e-x", "w:a s:. w:1b w:1b s:. w:c w:1 s:- w:2 w:1e s:- w:x");
}
END_TEST

START_TEST(signs_are_as_long_as_the_server_reads_them)
{
    check_pieces("a<=>b<=c>=d<>e!=f<<g>>h->i->>j",
                 "w:a s:<=> w:b s:<= w:c s:>= w:d s:<> w:e s:!= w:f s:<< w:g s:>> w:h s:-> w:i "
                 "s:->> w:j");
    check_pieces("(*.*)=@", "s:( s:* s:. s:* s:) s:= s:@");
}
END_TEST

START_TEST(what_some_versions_read_counts_and_comments_do_not)
{
    check_pieces("a /* ' */ /*!50100 b */ -- c '\n /*M!100 d*/ # e `\nf", "w:a w:b w:d w:f");
}
END_TEST

START_TEST(a_quote_that_nothing_closes_ends_it)
{
    check_pieces("a 'b", "w:a !");
    check_pieces("a `b'", "w:a !");
    check_pieces("a 'b\\'", "w:a !");
    check_pieces("a 'b'", "w:a t:b");
}
END_TEST

START_TEST(a_schema_is_left_out_where_it_qualifies)
{
    static const char sql[] = "`shop`.`a` shop.b 'shop.c' x.shop `shop`";
    struct buf out;

    buf_init(&out, 4096);
    my_write_unqualified(&out, span_of(sql), "shop");
    ck_assert_str_eq(buf_text(&out), "`a` b 'shop.c' x.shop `shop`");
    buf_release(&out);
}
END_TEST

Suite *suite_db_my_scan(void);
Suite *suite_db_my_scan(void)
{
    Suite *suite = suite_create("db/my_scan");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, quotes_and_escapes_are_taken_off);
    tcase_add_test(tests, a_number_is_one_piece_and_a_name_of_digits_is_none);
    tcase_add_test(tests, signs_are_as_long_as_the_server_reads_them);
    tcase_add_test(tests, what_some_versions_read_counts_and_comments_do_not);
    tcase_add_test(tests, a_quote_that_nothing_closes_ends_it);
    tcase_add_test(tests, a_schema_is_left_out_where_it_qualifies);
    suite_add_tcase(suite, tests);
    return suite;
}
