/* The run report as JSON and as text: whole, within 80 columns, and never without an answer. */
#include "report/report.h"
#include "support/bind_trial.h"
#include <check.h>
#include <yajl/yajl_tree.h>

static struct bind_trial trial;
static struct selection selection;
static struct copied copied;
static struct control control;
static struct report report;
static struct error outcome;
static struct buf out;
static const struct db_info server = {
    .engine = ENGINE_POSTGRESQL, .version = "15.18", .database = "shop", .tls = "verify-full"};

static const char profile[] =
    "sample: { start: [ { table: customers, fraction: 0.1 } ], fraction: 0.1 }\n"
    "schema: { exclude: [vault] }\n"
    "subjects: { tables: [customers], none: [prices] }\n"
    "pins:\n"
    "  - { table: customers, where: \"id = 4711\", why: \"47 accounts share one address, seen in "
    "an incident that is told at length\" }\n"
    "columns:\n"
    "  customers: { id: permute, email: email, full_name: { rule: full_name,\n"
    "    review: \"free text? It looked like a name in 3 of 200 rows that were looked at\" },\n"
    "    created_at: shift }\n"
    "  orders: { id: permute, placed_at: shift, total: perturb, note: redact }\n"
    "  lines: { number: { keep: counts }, price: perturb }\n"
    "  prices: { seen_at: shift }\n";

static void fill(void)
{
    const struct catalog *catalog = trial.binding->catalog;

    bind_select(&trial, &selection);
    copied = (struct copied){.bytes = 123456};
    copied.tables = ARENA_ARRAY(trial.arena, catalog->table_count + 1, struct copied_table);
    copied.nulled = ARENA_ARRAY(trial.arena, trial.binding->graph->all.count + 1, uint64_t);
    for (size_t i = 0; i < catalog->table_count; i++) {
        struct selected_table *table = &selection.tables[i];

        table->source_rows = 123456789;
        if (table->table->role == ROLE_EXCLUDED)
            continue;
        table->row_count = 7654321;
        for (int c = 0; c < CHOSEN_COUNT; c++)
            table->chosen[c] = 1234567;
    }
    for (size_t i = 0; i < trial.binding->graph->all.count; i++)
        selection.edges[i] = (struct selected_edge){.cut = 1234567, .orphans_kept = 7654321};
    selection.pins[0] = (struct selected_pin){47, 47};
    selection.subjects_by_reference = 12345;
}

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    builder_table(b, "public", "prices");
    builder_column(b, "seen_at", "timestamptz", 0);
    builder_table(b, "public", "vault");
    builder_column(b, "secret", "text", 0);
    builder_rows(b, 5000000);
    bind_try(&trial, profile);
    ck_assert_bound(&trial);
    fill();
    control_init(&control);
    outcome = (struct error){0};
    report = (struct report){.version = "0.1.0",
                             .command = "refresh",
                             .run = "00112233445566ff",
                             .error = &outcome,
                             .started_us = 1700000000000000,
                             .seconds = 12.5,
                             .jobs = 2,
                             .options = &trial.options};
    buf_init(&out, BUF_CEILING_MAX);
}

static void end(void)
{
    buf_release(&out);
    bind_end(&trial);
}

/* Everything that a run which went through has. */
static void complete(void)
{
    static struct check_result results[] = {
        {"rows", true, "every table holds the rows that were chosen"},
        {"leaks", true,
         "12345678 identifying values and tokens sought; 123 chance hits in columns drawn from "
         "dictionaries or accepted"}};
    static const struct verification verification = {.count = 2, .results = results};

    control_phase(&control, "choose", 0);
    control_phase(&control, "copy", 0);
    control_phase_end(&control);
    report.profile = trial.profile;
    report.key_fingerprint = "0123456789abcdef";
    report.source = &server;
    report.target = &server;
    report.target_database = "shop_staging";
    report.catalog = trial.binding->catalog;
    report.binding = trial.binding;
    report.selection = &selection;
    report.copied = &copied;
    report.verification = &verification;
    report.control = &control;
}

static yajl_val parse(void)
{
    char fault[200] = "";

    buf_reset(&out);
    ck_assert(report_json(&report, &out, &outcome));
    yajl_val tree = yajl_tree_parse(buf_text(&out), fault, sizeof(fault));
    ck_assert_msg(tree != NULL, "%s", fault);
    return tree;
}

static yajl_val get(yajl_val tree, const char *first, const char *second, yajl_type type)
{
    const char *path[] = {first, second, NULL};
    yajl_val found = yajl_tree_get(tree, path, type);

    ck_assert_msg(found != NULL, "%s %s", first, second ? second : "");
    return found;
}

static void check_keys(void)
{
    static const struct {
        const char *key;
        yajl_type type;
    } keys[] = {
        {"format", yajl_t_number},        {"version", yajl_t_string},
        {"command", yajl_t_string},       {"run", yajl_t_string},
        {"status", yajl_t_string},        {"exit", yajl_t_number},
        {"started", yajl_t_string},       {"seconds", yajl_t_number},
        {"jobs", yajl_t_number},          {"peak_memory_bytes", yajl_t_number},
        {"spilled_bytes", yajl_t_number}, {"source", yajl_t_any},
        {"target", yajl_t_any},           {"profile", yajl_t_object},
        {"key", yajl_t_object},           {"rows", yajl_t_object},
        {"tables", yajl_t_array},         {"edges", yajl_t_array},
        {"tails", yajl_t_object},         {"pins", yajl_t_array},
        {"columns", yajl_t_array},        {"checks", yajl_t_array},
        {"skipped", yajl_t_array},        {"fidelity", yajl_t_object},
        {"privacy", yajl_t_object},       {"limits", yajl_t_array},
        {"phases", yajl_t_array},
    };
    yajl_val tree = parse();

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        get(tree, keys[i].key, NULL, keys[i].type);
    yajl_tree_free(tree);
}

START_TEST(a_whole_report_has_every_key)
{
    complete();
    check_keys();
    yajl_val tree = parse();
    ck_assert_uint_eq(get(tree, "tables", NULL, yajl_t_array)->u.array.len, 4);
    ck_assert_uint_eq(get(tree, "edges", NULL, yajl_t_array)->u.array.len, 2);
    ck_assert_uint_eq(get(tree, "checks", NULL, yajl_t_array)->u.array.len, 2);
    ck_assert_uint_eq(get(tree, "phases", NULL, yajl_t_array)->u.array.len, 2);
    ck_assert_str_eq(YAJL_GET_STRING(get(tree, "status", NULL, yajl_t_string)), "ok");
    ck_assert_str_eq(YAJL_GET_STRING(get(tree, "target", "database", yajl_t_string)),
                     "shop_staging");
    yajl_tree_free(tree);
}
END_TEST

START_TEST(no_condition_of_a_pin_is_printed)
{
    complete();
    yajl_tree_free(parse());
    ck_assert_ptr_null(strstr(buf_text(&out), "4711"));
    ck_assert(report_plan_text(&report, &out, &outcome));
    ck_assert_ptr_null(strstr(buf_text(&out), "4711"));
}
END_TEST

/* How far a run came: each stage has what the ones before have. */
START_TEST(a_run_that_failed_early_has_a_report)
{
    const int stage = _i;

    complete();
    error_set(&outcome, STATUS_SOURCE, "gone");
    report.verification = stage > 6 ? report.verification : NULL;
    report.copied = stage > 5 ? report.copied : NULL;
    report.selection = stage > 4 ? report.selection : NULL;
    report.binding = stage > 3 ? report.binding : NULL;
    report.catalog = stage > 2 ? report.catalog : NULL;
    report.source = stage > 1 ? report.source : NULL;
    report.target = stage > 1 ? report.target : NULL;
    report.profile = stage > 0 ? report.profile : NULL;
    report.key_fingerprint = stage > 0 ? report.key_fingerprint : NULL;
    report.control = stage > 0 ? report.control : NULL;
    check_keys();
    yajl_val tree = parse();
    ck_assert_str_eq(YAJL_GET_STRING(get(tree, "status", NULL, yajl_t_string)), "source");
    ck_assert_int_eq(YAJL_GET_INTEGER(get(tree, "exit", NULL, yajl_t_number)), 5);
    yajl_tree_free(tree);
    buf_reset(&out);
    ck_assert(report_metrics(&report, &out, &outcome));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "understudy_run_exit_code 5\n"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "# EOF\n"));
    ck_assert_uint_le(report_findings(&report), 2);
}
END_TEST

START_TEST(limits_are_counted_as_they_are_listed)
{
    complete();
    yajl_val tree = parse();
    ck_assert_uint_eq(get(tree, "limits", NULL, yajl_t_array)->u.array.len,
                      report_limit_count(&report));
    /* Four tables are thin; the excluded one is not in staging at all. */
    ck_assert_uint_eq(report_limit_count(&report), trial.binding->note_count + 4);
    yajl_tree_free(tree);
    buf_reset(&out);
    ck_assert(report_refresh_text(&report, &out, &outcome));
    const char *last = arena_printf(trial.arena, "not proof: %zu limits, see report\n",
                                    report_limit_count(&report));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), last));
}
END_TEST

START_TEST(findings_are_reviews_and_pins_that_match_nothing)
{
    complete();
    ck_assert_uint_eq(report_findings(&report), 1);
    selection.pins[0].source_rows = 0;
    ck_assert_uint_eq(report_findings(&report), 2);
    ck_assert(binding_add_warning(trial.binding, "space", "not a finding"));
    ck_assert_uint_eq(report_findings(&report), 2);
}
END_TEST

static void check_width(void)
{
    const char *line = buf_text(&out);

    while (*line) {
        size_t len = strcspn(line, "\n"), width = 0;

        for (size_t i = 0; i < len; i++)
            width += ((unsigned char)line[i] & 0xc0) != 0x80;
        ck_assert_msg(width <= 80, "%zu columns: %.*s", width, (int)len, line);
        ck_assert_msg(len == 0 || line[len - 1] != ' ', "a blank ends: %.*s", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

START_TEST(the_plan_fits_a_terminal)
{
    complete();
    ck_assert(report_plan_text(&report, &out, &outcome));
    check_width();
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "1234567 children cut"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "7654321 orphans kept"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "dangles: 12345"));
    ck_assert_ptr_null(strstr(buf_text(&out), "vault"));
}
END_TEST

START_TEST(the_end_of_a_refresh_fits_a_terminal)
{
    complete();
    ck_assert(report_refresh_text(&report, &out, &outcome));
    check_width();
}
END_TEST

/* Everybody is found: the widest figures. */
static struct privacy privacy;

static void expose(void)
{
    complete();
    privacy = (struct privacy){.is_measured = true,
                               .way = GATHER_WARP,
                               .subjects = 123456,
                               .candidates = 3,
                               .events = 7654321,
                               .column_count = 2,
                               .other_columns = 1,
                               .is_out_of_time = true};
    for (size_t i = 0; i < PRIVACY_ATTACKS; i++)
        privacy.attacks[i] = (struct privacy_attack){
            .question = {i < 2 ? LINKAGE_CALENDAR : LINKAGE_BAYES,
                         i < 2 ? 1 : (size_t)1 << (i - 1)},
            .result = {.targets = 3, .candidates = 3, .found = 1, .top_ten = 1, .median_rank = 1},
            .control = {.targets = 3, .candidates = 3, .found = 0.5, .median_rank = 2}};
    report.privacy = &privacy;
}

static yajl_val limited_attack(yajl_val tree)
{
    const char *path[] = {"privacy", "linkage", "attacks", NULL};
    yajl_val attacks = yajl_tree_get(tree, path, yajl_t_array);

    ck_assert(attacks && attacks->u.array.len == PRIVACY_ATTACKS);
    return attacks->u.array.values[PRIVACY_LIMITED];
}

START_TEST(how_many_people_are_found_again_fits_a_line)
{
    expose();
    ck_assert(report_refresh_text(&report, &out, &outcome));
    check_width();
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "people   found by 2 known times 100.0 %, 4: "
                                                 "100.0 %, 8: 100.0 % (guess 33 %)\n"));
}
END_TEST

START_TEST(every_limit_of_the_attacks_is_listed_and_counted)
{
    expose();
    yajl_val tree = parse();
    ck_assert_uint_eq(get(tree, "limits", NULL, yajl_t_array)->u.array.len,
                      report_limit_count(&report));
    ck_assert_uint_eq(report_limit_count(&report), trial.binding->note_count + 4 + 5);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "hold for 3 subjects and one generation"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "guessing alone finds 33.3 %"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "the attack finds 50.0 % even unmasked"));
    yajl_tree_free(tree);
}
END_TEST

START_TEST(an_attack_without_targets_has_no_shares)
{
    const char *found[] = {"found", NULL}, *base[] = {"control", "found", NULL};

    expose();
    privacy.attacks[PRIVACY_LIMITED].result = (struct linkage_result){.candidates = 3};
    yajl_val tree = parse();
    ck_assert_ptr_nonnull(yajl_tree_get(limited_attack(tree), found, yajl_t_null));
    ck_assert_ptr_nonnull(yajl_tree_get(limited_attack(tree), base, yajl_t_number));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "no subject has 4 times"));
    yajl_tree_free(tree);
}
END_TEST

START_TEST(times_that_are_kept_and_times_that_were_not_attacked_are_limits)
{
    expose();
    privacy.way = GATHER_EXACT;
    privacy.blind = "times are kept inside arrays or ranges";
    privacy.mask_count = 1;
    privacy.masks[0] = (struct privacy_mask){
        .way = GATHER_EXACT, .column_count = 2, .candidates = 3, .worst = &privacy.attacks[0]};
    yajl_val tree = parse();
    ck_assert_uint_eq(report_limit_count(&report), trial.binding->note_count + 4 + 7);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "2 columns keep times of subjects"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "not all times of subjects were attacked: times "
                                                 "are kept inside arrays"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "\"mask\": \"none\""));
    yajl_tree_free(tree);
}
END_TEST

START_TEST(rows_that_came_as_tails_are_counted_apart_from_sampled_ones)
{
    const struct column *columns[] = {bind_column(&trial, "customers", "email")->column};
    struct privacy_unique unique = {.table = builder_find_table(trial.builder, "customers"),
                                    .column_count = 1,
                                    .columns = columns,
                                    .rows = 100,
                                    .unique = 20,
                                    .few = 30,
                                    .tail_rows = 10,
                                    .tail_unique = 7,
                                    .tail_few = 9};
    const char *path[] = {"privacy", "quasi_identifiers", NULL};

    expose();
    privacy.uniques = &unique;
    privacy.unique_count = 1;
    yajl_val tree = parse(), first = yajl_tree_get(tree, path, yajl_t_array)->u.array.values[0];
    ck_assert(YAJL_IS_NULL(get(first, "tail", NULL, yajl_t_any)));
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "sampled", "unique", yajl_t_number)), 20);
    yajl_tree_free(tree);
    unique.has_tail = true;
    tree = parse();
    first = yajl_tree_get(tree, path, yajl_t_array)->u.array.values[0];
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "tail", "rows", yajl_t_number)), 10);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "tail", "unique", yajl_t_number)), 7);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "tail", "below_5", yajl_t_number)), 9);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "sampled", "rows", yajl_t_number)), 90);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "sampled", "unique", yajl_t_number)), 13);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "sampled", "below_5", yajl_t_number)), 21);
    yajl_tree_free(tree);
}
END_TEST

START_TEST(what_was_not_measured_says_why)
{
    expose();
    privacy =
        (struct privacy){.is_measured = false, .why = "no column shifts the times of subjects"};
    yajl_val tree = parse();
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "was not measured: no column shifts"));
    ck_assert_uint_eq(report_limit_count(&report), trial.binding->note_count + 4 + 1);
    yajl_tree_free(tree);
    buf_reset(&out);
    ck_assert(report_refresh_text(&report, &out, &outcome));
    ck_assert_ptr_null(strstr(buf_text(&out), "people "));
}
END_TEST

START_TEST(bytes_follow_the_share_of_rows)
{
    const struct bound_table *orders = bind_table(&trial, "orders");
    struct selected_table *table = &selection.tables[orders->table->index];

    table->source_rows = 1000;
    table->row_count = 250;
    ck_assert_uint_eq(report_bytes(table), orders->table->bytes / 4);
    table->source_rows = 0;
    ck_assert_uint_eq(report_bytes(table), 0);
}
END_TEST

START_TEST(names_that_are_not_text_do_not_break_the_report)
{
    struct bound_table *orders =
        &trial.binding->tables[builder_find_table(trial.builder, "orders")->index];

    complete();
    orders->columns[0].domain = "a\xff\x1b[31m";
    yajl_tree_free(parse());
    ck_assert_ptr_null(strchr(buf_text(&out), 0x1b));
}
END_TEST

Suite *suite_report_report(void);
Suite *suite_report_report(void)
{
    Suite *suite = suite_create("report/report");
    TCase *cases = tcase_create("report");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_whole_report_has_every_key);
    tcase_add_test(cases, no_condition_of_a_pin_is_printed);
    tcase_add_loop_test(cases, a_run_that_failed_early_has_a_report, 0, 8);
    tcase_add_test(cases, limits_are_counted_as_they_are_listed);
    tcase_add_test(cases, findings_are_reviews_and_pins_that_match_nothing);
    tcase_add_test(cases, the_plan_fits_a_terminal);
    tcase_add_test(cases, the_end_of_a_refresh_fits_a_terminal);
    tcase_add_test(cases, how_many_people_are_found_again_fits_a_line);
    tcase_add_test(cases, every_limit_of_the_attacks_is_listed_and_counted);
    tcase_add_test(cases, an_attack_without_targets_has_no_shares);
    tcase_add_test(cases, rows_that_came_as_tails_are_counted_apart_from_sampled_ones);
    tcase_add_test(cases, what_was_not_measured_says_why);
    tcase_add_test(cases, times_that_are_kept_and_times_that_were_not_attacked_are_limits);
    tcase_add_test(cases, bytes_follow_the_share_of_rows);
    tcase_add_test(cases, names_that_are_not_text_do_not_break_the_report);
    suite_add_tcase(suite, cases);
    return suite;
}
