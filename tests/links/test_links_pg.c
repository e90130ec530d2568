/* Links against a real PostgreSQL: every odd reference of schema.sql is found, and its rows. */
#include "graph/graph.h"
#include "survey/survey.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>

#define READERS 2

static struct arena *arena;
static struct db *leader, *others[READERS];
static struct catalog *catalog;
static struct binding binding;
static struct profile profile;
static struct options options;
static struct survey *survey;
static struct error err;

static void ok(bool is_fine)
{
    ck_assert_msg(is_fine, "%s: %s", err.context, err.cause);
}

static const struct table *table_of(const char *name)
{
    bool is_ambiguous;
    const struct table *table = catalog_find_table(catalog, "public", name, &is_ambiguous);

    ck_assert_msg(table != NULL, "%s", name);
    return table;
}

/* As a relation of the profile; one column on either side. */
static struct edge *relation(const char *child, const char *column, const char *parent)
{
    struct edge *edge = ARENA_NEW(arena, struct edge);

    edge->kind = EDGE_DECLARED;
    edge->child = table_of(child);
    edge->parent = table_of(parent);
    edge->column_count = 1;
    edge->child_columns = ARENA_ARRAY(arena, 1, const struct column *);
    edge->parent_columns = ARENA_ARRAY(arena, 1, const struct column *);
    edge->child_columns[0] = table_find_column(edge->child, column);
    edge->parent_columns[0] = edge->parent->primary->columns[0];
    ck_assert(edge->child_columns[0] && edge->parent_columns[0]);
    edge->is_nullable = edge->is_all_nullable = true;
    edge->is_bytes_equal = true;
    edge->on_delete = ' ';
    return edge;
}

static struct edge *typed(const char *parent, const char *when)
{
    struct edge *edge = relation("events", "subject_id", parent);

    edge->kind = EDGE_POLYMORPHIC;
    edge->when = when;
    return edge;
}

static size_t relations_make(struct edge **edges)
{
    size_t count = 0;

    edges[count++] = relation("orders", "customer_id", "customers");
    edges[count++] = typed("customers", "kind = 'customer'");
    edges[count++] = typed("orders", "kind = 'order'");
    edges[count++] = relation("versions", "previous", "versions");
    edges[count] = relation("posts", "tags", "tags");
    edges[count++]->is_array = true;
    edges[count] = relation("posts", "payload", "customers");
    edges[count++]->json_path = "$.author";
    edges[count++] = relation("heads", "arm_id", "arms");
    return count;
}

static void table_bind(size_t index)
{
    const struct table *table = catalog->tables[index];
    struct bound_table *bound = &binding.tables[index];
    const struct edge_list *up = &binding.graph->up[index];

    bound->table = table;
    bound->role = ROLE_START;
    bound->identity = table_identity(table);
    bound->identity_count = bound->identity->column_count;
    bound->identity_columns = bound->identity->columns;
    bound->choice_key = (struct sipkey){11, 13 + index};
    bound->column_count = table->column_count;
    bound->columns = ARENA_ARRAY(arena, table->column_count, struct bound_column);
    bound->discriminators = ARENA_ARRAY(arena, up->count + 1, const char *);
    for (size_t i = 0; i < table->column_count; i++) {
        bound->columns[i] = (struct bound_column){
            .column = table->columns[i], .rule = "keep", .variant_count = 1, .is_copied = true};
        bound->columns[i].variants = ARENA_NEW(arena, struct bound_variant);
        bound->columns[i].variants->when = -1;
    }
    for (size_t i = 0; i < up->count; i++) {
        struct bound_edge *edge = &binding.edges[up->edges[i]->index];
        edge->edge = up->edges[i];
        edge->when = -1;
        if (!edge->edge->when)
            continue;
        edge->when = (int32_t)bound->discriminator_count;
        bound->discriminators[bound->discriminator_count++] = edge->edge->when;
    }
}

static void bind_all(void)
{
    struct edge *edges[16];
    struct graph *graph = NULL;
    size_t count = relations_make(edges);

    ok(graph_new(catalog, edges, count, arena, &graph, &err));
    options = (struct options){.jobs = READERS};
    binding = (struct binding){.arena = arena,
                               .catalog = catalog,
                               .graph = graph,
                               .profile = &profile,
                               .options = &options};
    binding.tails =
        (struct bound_tails){.budget = 0.01, .per_stratum = 3, .rare = 0.005, .max_children = 100};
    binding.tables = ARENA_ARRAY(arena, catalog->table_count, struct bound_table);
    binding.edges = ARENA_ARRAY(arena, graph->all.count, struct bound_edge);
    for (size_t i = 0; i < catalog->table_count; i++)
        table_bind(i);
}

static void source_open(struct db **db, const char *token)
{
    const struct db_config config = {
        .side = DB_SOURCE, .engine = ENGINE_POSTGRESQL, .url = getenv("UNDERSTUDY_TEST_PG")};

    ok(token ? db_snapshot_reader(leader, &config, token, arena, db, &err)
             : db_open(&config, arena, db, &err));
}

/* Each thread takes every READERS-th item. */
struct share {
    reader_work *work;
    void *context;
    size_t first, count;
    struct error err;
    bool is_done;
};

static void *share_run(void *context)
{
    struct share *share = context;

    share->is_done = true;
    for (size_t i = share->first; share->is_done && i < share->count; i += READERS)
        share->is_done = share->work(share->context, i, others[share->first], &share->err);
    return NULL;
}

static bool spread(void *unused, size_t count, reader_work *work, void *context,
                   struct error *error)
{
    pthread_t threads[READERS];
    struct share shares[READERS];
    bool is_done = true;

    UNUSED(unused);
    for (size_t i = 0; i < READERS; i++) {
        shares[i] = (struct share){work, context, i, count, {0}, false};
        ck_assert(pthread_create(&threads[i], NULL, share_run, &shares[i]) == 0);
    }
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        if (!shares[i].is_done)
            *error = shares[i].err;
        is_done = is_done && shares[i].is_done;
    }
    return is_done;
}

/* All tables are surveyed, but those in `whole`. */
static void survey_make(const char *whole)
{
    const struct readers readers = {leader, READERS, others, spread, NULL};
    bool *is_surveyed = ARENA_ARRAY(arena, catalog->table_count, bool);
    bool *is_present = ARENA_ARRAY(arena, catalog->table_count, bool);
    const struct survey_request request = {.binding = &binding,
                                           .readers = &readers,
                                           .is_surveyed = is_surveyed,
                                           .is_present = is_present};

    for (size_t i = 0; i < catalog->table_count; i++) {
        is_present[i] = true;
        is_surveyed[i] = !whole || strcmp(catalog->tables[i]->name, whole) != 0;
    }
    ok(survey_run(&request, &survey, &err));
}

static void setup(void)
{
    const char *token = NULL;

    err = (struct error){0};
    arena = arena_new();
    source_open(&leader, NULL);
    ok(db_snapshot_export(leader, READERS, arena, &token, &err));
    for (size_t i = 0; i < READERS; i++)
        source_open(&others[i], token);
    ok(db_read_catalog(leader, &catalog, &err));
    bind_all();
}

static void teardown(void)
{
    survey_free(survey);
    survey = NULL;
    catalog_free(catalog);
    for (size_t i = 0; i < READERS; i++)
        db_close(others[i]);
    db_close(leader);
    arena_free(arena);
}

static int number_compare(const void *a, const void *b)
{
    const long left = strtol(*(const char *const *)a, NULL, 10),
               right = strtol(*(const char *const *)b, NULL, 10);

    return (left > right) - (left < right);
}

/* The first identity column of a stratum's witnesses, as text: "1, 2". */
static const char *keys_of(const struct stratum *stratum)
{
    const struct field field = {.column = stratum->table->identity_columns[0],
                                .type = stratum->table->identity_columns[0]->type};
    const char *text = "", **keys = ARENA_ARRAY(arena, stratum->witness_count + 1, const char *);
    struct batch batch = {0};
    bool more;

    for (size_t i = 0; i < stratum->witness_count; i++) {
        struct read read = {.table = stratum->table->table,
                            .relation = &stratum->table->table->relations[0],
                            .field_count = 1,
                            .fields = &field,
                            .codec = &codec_pg_text,
                            .by = READ_BY_ADDRESS,
                            .addresses = &stratum->witnesses[i].address,
                            .address_count = 1};
        ok(batch_init(&batch, 10, 1, &err) && db_read_begin(leader, &read, &err));
        for (more = true; more;) {
            ok(db_read_next(leader, &batch, &more, &err));
            if (batch.rows)
                keys[i] = arena_strndup(arena, batch.cells[0].ptr, batch.cells[0].len);
        }
        batch_release(&batch);
        ck_assert(keys[i]);
    }
    qsort(keys, stratum->witness_count, sizeof(*keys), number_compare);
    for (size_t i = 0; i < stratum->witness_count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", keys[i]);
    return text;
}

static const struct stratum *find(const char *kind, const char *describe)
{
    for (size_t i = 0; i < survey->stratum_count; i++)
        if (strcmp(survey->strata[i].kind, kind) == 0 &&
            strcmp(survey->strata[i].describe, describe) == 0)
            return &survey->strata[i];
    return NULL;
}

static const char *all(void)
{
    const char *text = "";

    for (size_t i = 0; i < survey->stratum_count; i++) {
        const struct stratum *stratum = &survey->strata[i];
        if (stratum->edge)
            text = arena_printf(arena, "%s\n%s | %s | %llu | %s%s%s", text, stratum->kind,
                                stratum->describe, (unsigned long long)stratum->rows,
                                keys_of(stratum), stratum->is_rare ? "" : " | common",
                                stratum->brings_children ? " | +" : "");
    }
    for (size_t i = 0; i < survey->gap_count; i++)
        text = arena_printf(arena, "%s\ngap %s %s %s", text, survey->gaps[i].table,
                            survey->gaps[i].detector, survey->gaps[i].why);
    return text;
}

/* Fails unless there is such a stratum, of so many rows, with these first key columns as witnesses;
 * `keys` NULL: whichever. */
static const struct stratum *expect(const char *kind, const char *describe, uint64_t rows,
                                    const char *keys)
{
    const struct stratum *stratum = find(kind, describe);

    ck_assert_msg(stratum && stratum->rows == rows && stratum->is_rare &&
                      (!keys || strcmp(keys_of(stratum), keys) == 0),
                  "%s: %s, of %llu rows: %s; there is:%.5000s", kind, describe,
                  (unsigned long long)rows, keys ? keys : "", all());
    for (size_t i = 1; i < stratum->witness_count; i++)
        ck_assert_uint_lt(stratum->witnesses[i - 1].hash, stratum->witnesses[i].hash);
    return stratum;
}

static void expect_none(const char *kind, const char *part)
{
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert_msg(strcmp(survey->strata[i].kind, kind) != 0 ||
                          !strstr(survey->strata[i].describe, part),
                      "%.5000s", all());
}

static const struct fan_out *fan_out_of(const char *edge)
{
    for (size_t i = 0; i < survey->fan_out_count; i++)
        if (strstr(survey->fan_outs[i].edge->name, edge))
            return &survey->fan_outs[i];
    ck_abort_msg("%s", edge);
    return NULL;
}

START_TEST(parents_with_few_or_many_children_are_found)
{
    survey_make(NULL);
    const struct stratum *without =
        expect("fan_out", "customers without orders (orders.customer_id)", 2, "999, 1000");
    ck_assert(!without->brings_children);
    const struct stratum *most =
        expect("fan_out", "customers with 33 to 64 rows of orders (orders.customer_id)", 1, "500");
    ck_assert(most->brings_children && most->edge);
    ck_assert_str_eq(most->table->table->name, "customers");
    expect("fan_out", "orders without payments (payments.order_id)", 1, "51");
    expect("fan_out", "orders with 7 rows of payments (payments.order_id)", 1, "61");
    expect_none("fan_out", "with most rows of payments"); /* the same order once more */
    expect("fan_out", "categories with most rows of categories (categories.parent_id)", 6, NULL);
}
END_TEST

START_TEST(fan_out_is_counted_for_keys_of_every_kind)
{
    survey_make(NULL);
    expect("fan_out", "lines without remarks (remarks.(order_id, number))", 1, "71");
    expect("fan_out", "lines with 17 to 32 rows of remarks (remarks.(order_id, number))", 1, "81");
    expect("fan_out", "products without lines (lines.product_id)", 3, NULL);
    expect("fan_out", "tags without posts (posts.tags[])", 1, "301");
    expect("fan_out", "tags with 3 rows of posts (posts.tags[])", 1, "5");
    expect("fan_out", "customers without posts (posts.payload $.author)", 1, "301");
    expect("fan_out", "arms without heads (heads.arm_id)", 1, "400");
}
END_TEST

START_TEST(groups_of_a_fan_out_are_exact)
{
    survey_make(NULL);
    const struct fan_out *orders = fan_out_of("orders(customer_id)");

    ck_assert(orders->is_known);
    ck_assert_uint_eq(orders->groups[0], 2);
    ck_assert_uint_eq(orders->groups[2], 997);
    ck_assert_uint_eq(orders->groups[42], 1);
    ck_assert_uint_eq(fan_out_of("payments(order_id)")->groups[1], 2036);
}
END_TEST

START_TEST(references_that_lead_nowhere_are_found)
{
    survey_make(NULL);
    const struct stratum *orders =
        expect("orphan", "orders.customer_id leads to no row of customers", 2, "4001, 4002");
    ck_assert_uint_eq(orders->column_count, 1);
    ck_assert_str_eq(orders->columns[0]->column->name, "customer_id");
    expect("orphan", "posts.tags[] leads to no row of tags", 1, "300");
    expect("orphan", "posts.payload $.author leads to no row of customers", 1, "301");
    expect_none("orphan", "payments");
    expect_none("orphan", "remarks"); /* one of its two columns is NULL */
}
END_TEST

START_TEST(a_discriminator_says_where_a_reference_leads)
{
    survey_make(NULL);
    expect("orphan", "events.subject_id leads to no row of customers", 1, "101");
    expect("orphan", "events.subject_id leads to no row of orders", 1, "100");
    expect("orphan", "events.subject_id is set for a type that no relation covers", 1, "200");
}
END_TEST

START_TEST(references_to_tables_that_are_read_later_are_settled_in_the_end)
{
    survey_make(NULL);
    const struct stratum *circle =
        expect("orphan", "heads.arm_id leads to no row of arms", 1, "400");
    ck_assert_str_eq(circle->table->table->name, "heads");
    const struct stratum *texts =
        expect("orphan", "versions.previous leads to no row of versions", 1, "");
    ck_assert(texts->is_bounded); /* only the hash of such a key is known */
}
END_TEST

START_TEST(chains_are_followed_to_their_ends)
{
    survey_make(NULL);
    expect("graph", "categories that refer to themselves (categories.parent_id)", 1, "600");
    expect("graph", "categories in a circle of two (categories.parent_id)", 2, "699, 700");
    expect("graph", "categories in a circle of more than two (categories.parent_id)", 3,
           "800, 801, 802");
    expect("graph", "categories at the end of the longest chain (categories.parent_id)", 1, "1520");
    expect("graph", "categories 8 levels below a root (categories.parent_id)", 1, "1507");
    expect("graph", "categories 17 to 32 levels below a root (categories.parent_id)", 5, NULL);
    expect("graph", "versions 3 levels below a root (versions.previous)", 1, "v4");
    expect_none("graph", "versions at the end");
}
END_TEST

START_TEST(a_diamond_that_does_not_close_is_found)
{
    survey_make(NULL);
    expect("graph",
           "orders.customer_id and orders.ship_address_id -> addresses.customer_id lead to "
           "different rows of customers",
           1, "21");
}
END_TEST

START_TEST(times_and_amounts_are_compared_across_an_edge)
{
    survey_make(NULL);
    const struct stratum *before = expect(
        "difference", "payments.paid_at is 2 to 4 days before orders.placed_at (payments.order_id)",
        1, "31");
    ck_assert_uint_eq(before->column_count, 2);
    ck_assert_str_eq(before->columns[1]->column->table->name, "orders");
    expect("difference",
           "payments.paid_at is 512 to 1024 days after orders.placed_at (payments.order_id)", 1,
           "33");
    expect("difference", "payments.amount is 2 to 4 times orders.total (payments.order_id)", 1,
           "41");
    expect("difference",
           "payments.amount is of the other sign than orders.total (payments.order_id)", 2,
           "43, 47");
    expect("difference", "payments.amount is zero, unlike orders.total (payments.order_id)", 1,
           "45");
    expect("difference", "payments.amount less orders.total is least (payments.order_id)", 1, "47");
}
END_TEST

START_TEST(parents_that_are_not_surveyed_are_read_for_their_keys)
{
    survey_make("customers");
    expect("orphan", "orders.customer_id leads to no row of customers", 2, "4001, 4002");
    expect("difference",
           "orders.placed_at is 2048 to 4096 days after customers.created_at (orders.customer_id)",
           2, "1599, 1600");
    expect_none("fan_out", "customers with"); /* all of them come anyway */
    ck_assert_uint_eq(fan_out_of("orders(customer_id)")->groups[2], 997);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("links");
    TCase *test = tcase_create("links");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(test, setup, teardown);
    tcase_set_timeout(test, 60);
    tcase_add_test(test, parents_with_few_or_many_children_are_found);
    tcase_add_test(test, fan_out_is_counted_for_keys_of_every_kind);
    tcase_add_test(test, groups_of_a_fan_out_are_exact);
    tcase_add_test(test, references_that_lead_nowhere_are_found);
    tcase_add_test(test, a_discriminator_says_where_a_reference_leads);
    tcase_add_test(test, references_to_tables_that_are_read_later_are_settled_in_the_end);
    tcase_add_test(test, chains_are_followed_to_their_ends);
    tcase_add_test(test, a_diamond_that_does_not_close_is_found);
    tcase_add_test(test, times_and_amounts_are_compared_across_an_edge);
    tcase_add_test(test, parents_that_are_not_surveyed_are_read_for_their_keys);
    suite_add_tcase(suite, test);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
