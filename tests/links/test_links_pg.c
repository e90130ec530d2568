/* Links against a real PostgreSQL: every odd reference of schema.sql is found, and its rows. */
#include "graph/graph.h"
#include "survey/survey.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
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

    ok(db_open(&config, arena, db, &err));
    if (token)
        ok(db_snapshot_join(*db, token, &err));
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
static void survey_make(const char *whole, uint64_t memory)
{
    const struct readers readers = {leader, READERS, others, spread, NULL};
    bool *is_surveyed = ARENA_ARRAY(arena, catalog->table_count, bool);
    bool *is_present = ARENA_ARRAY(arena, catalog->table_count, bool);
    const struct survey_request request = {.binding = &binding,
                                           .readers = &readers,
                                           .is_surveyed = is_surveyed,
                                           .is_present = is_present,
                                           .memory = memory};

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
    ok(db_snapshot_export(leader, arena, &token, &err));
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
    return atoi(*(const char *const *)a) - atoi(*(const char *const *)b);
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

START_TEST(print_all)
{
    survey_make(NULL, 0);
    printf("%s\n", all());
    ck_assert(find("orphan", "x") == NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("links");
    TCase *test = tcase_create("links");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(test, setup, teardown);
    tcase_set_timeout(test, 60);
    tcase_add_test(test, print_all);
    suite_add_tcase(suite, test);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
