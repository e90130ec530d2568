/* Cross tables made in one go, in pieces that are merged, and with columns that get too many values
 * on the way: the same cells and the same witnesses. */
#include "survey/cross.h"
#include <check.h>

enum { COLUMNS = 4, SIGNATURES = 3000, VALUES = 12, LIMIT = 40, MOST = 5 };

/* The columns, and what a state of the detector holds. */
struct columns {
    struct survey_column columns[COLUMNS];
};

struct side {
    struct arena *arena;
    struct witness_pool *pool;
    struct signatures signatures;
    struct cross_set set;
};

static uint64_t random_state = 88172645463325252u;

static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void columns_make(struct columns *columns)
{
    for (unsigned i = 0; i < COLUMNS; i++) {
        columns->columns[i] = (struct survey_column){.index = i, .symbols = symbols_new()};
        ck_assert_ptr_nonnull(columns->columns[i].symbols);
    }
}

static void columns_free(struct columns *columns)
{
    for (unsigned i = 0; i < COLUMNS; i++)
        symbols_free(columns->columns[i].symbols);
}

/* Odd values are negative, so that there are two classes. */
static uint8_t symbol_make(struct columns *columns, unsigned column, unsigned value)
{
    const struct span cell = {(const char *)&value, sizeof(value)};

    if (value == 0)
        return SYMBOL_NULL;
    return symbol_of(columns->columns[column].symbols, survey_cell_hash(cell), cell,
                     value % 2 ? SYMBOL_NEGATIVE : SYMBOL_POSITIVE);
}

static void side_open(struct side *side, struct columns *columns, unsigned order,
                      unsigned fine_most)
{
    struct error err = {0};

    *side = (struct side){.arena = arena_new(), .pool = witness_pool_new(MOST)};
    struct cross_view *views = ARENA_ARRAY(side->arena, COLUMNS, struct cross_view);
    for (unsigned i = 0; i < COLUMNS; i++)
        views[i] = (struct cross_view){
            .column = &columns->columns[i], .position = i, .fine_most = fine_most};
    side->set.limit = LIMIT;
    side->set.pool = side->pool;
    ck_assert(signatures_init(&side->signatures, COLUMNS, LIMIT, side->pool, side->arena, &err) &&
              cross_set_init(&side->set, order, views, COLUMNS, side->arena, &err));
}

static void side_close(struct side *side)
{
    cross_set_release(&side->set);
    witness_pool_free(side->pool);
    arena_free(side->arena);
}

static void side_flush(struct side *side)
{
    struct error err = {0};

    ck_assert(cross_set_add(&side->set, &side->signatures, &err));
    signatures_reset(&side->signatures);
}

/* One row of these values, whose hash is `number`. */
static void side_row(struct side *side, struct columns *columns, const unsigned values[COLUMNS],
                     uint64_t number)
{
    const struct witness witness = {.hash = number * UINT64_C(0x9e3779b97f4a7c15),
                                    .address = number};
    uint64_t key = 0;
    struct signature one = {.rows = 1};
    struct error err = {0};

    for (unsigned i = 0; i < COLUMNS; i++)
        ((uint8_t *)&key)[i] = symbol_make(columns, i, values[i]);
    struct signature *signature = signatures_get(&side->signatures, &key);
    if (!signature) {
        side_flush(side);
        signature = signatures_get(&side->signatures, &key);
    }
    ck_assert(witness_offer(side->pool, &one.witnesses, &witness, &err));
    ck_assert(signature_merge(&side->signatures, signature, &one, &err));
    witness_lose(side->pool, &one.witnesses);
}

static uint64_t cell_key(const struct cross_set *set, const struct cross *cross, size_t cell)
{
    uint8_t numbers[CROSS_ORDER_MOST];
    uint64_t key = 0;

    cross_numbers(set, cross, cell, numbers);
    for (unsigned i = 0; i < cross->order; i++)
        key = key << 8 | set->views[cross->views[i]].symbol_of[numbers[i]];
    return key;
}

static struct cross_cell *cell_find(const struct cross_set *set, const struct cross *cross,
                                    uint64_t key)
{
    for (size_t i = 0; i < cross_cell_count(set, cross); i++)
        if (cross->cells[i].rows > 0 && cell_key(set, cross, i) == key)
            return &cross->cells[i];
    return NULL;
}

static void cells_equal(struct side *a, const struct cross_cell *one, struct side *b,
                        const struct cross_cell *other, unsigned order)
{
    struct witness_list *left = cross_witnesses(&a->set, one);
    struct witness_list *right = cross_witnesses(&b->set, other);

    ck_assert_uint_eq(one->rows, other->rows);
    ck_assert_int_eq(!left, !right);
    ck_assert_int_eq(!left, order != a->set.order || one->rows > LIMIT);
    if (!left)
        return;
    witness_sort(left);
    witness_sort(right);
    ck_assert_uint_eq(left->count, right->count);
    ck_assert_uint_eq(left->count, one->rows < MOST ? one->rows : MOST);
    for (uint32_t i = 0; i < left->count; i++)
        ck_assert_uint_eq(left->items[i].address, right->items[i].address);
}

static void sides_equal(struct side *a, struct side *b)
{
    size_t cells = 0;

    for (uint32_t c = 0; c < a->set.count; c++) {
        const struct cross *cross = &a->set.crosses[c], *other = &b->set.crosses[c];
        uint64_t rows = 0, others = 0;
        for (size_t i = 0; i < cross_cell_count(&a->set, cross); i++) {
            if (cross->cells[i].rows == 0)
                continue;
            struct cross_cell *found = cell_find(&b->set, other, cell_key(&a->set, cross, i));
            ck_assert_ptr_nonnull(found);
            cells_equal(a, &cross->cells[i], b, found, cross->order);
            rows += cross->cells[i].rows;
            cells++;
        }
        for (size_t i = 0; i < cross_cell_count(&b->set, other); i++)
            others += other->cells[i].rows;
        ck_assert_uint_eq(rows, others);
        ck_assert_uint_eq(rows, SIGNATURES);
    }
    ck_assert_uint_gt(cells, 50);
}

/* All rows through one side that flushes once, and through two that flush now and then and are
 * merged. From `late` on values are of a greater range. */
static void pieces_compare(unsigned order, unsigned fine_most, unsigned late_values)
{
    struct columns columns;
    struct side whole, parts[2];
    struct error err = {0};

    columns_make(&columns);
    side_open(&whole, &columns, order, fine_most);
    side_open(&parts[0], &columns, order, fine_most);
    side_open(&parts[1], &columns, order, fine_most);
    for (unsigned i = 0; i < SIGNATURES; i++) {
        unsigned values[COLUMNS];
        for (unsigned c = 0; c < COLUMNS; c++)
            values[c] = (unsigned)(random_next() % (i < 2000 || c > 1 ? VALUES : late_values)) *
                        (unsigned)(random_next() % 2);
        side_row(&whole, &columns, values, i + 1);
        side_row(&parts[random_next() % 2], &columns, values, i + 1);
        if (i % 300 == 299)
            side_flush(&parts[i % 2]);
    }
    side_flush(&whole);
    side_flush(&parts[1]);
    ck_assert(cross_set_merge(&parts[0].set, &parts[1].set, &err));
    side_flush(&parts[0]);
    ck_assert(cross_set_finish(&parts[0].set, &err) && cross_set_finish(&whole.set, &err));
    sides_equal(&whole, &parts[0]);
    side_close(&whole);
    side_close(&parts[0]);
    side_close(&parts[1]);
    columns_free(&columns);
}

START_TEST(tables_of_pieces_are_those_of_the_whole)
{
    pieces_compare(2, SYMBOL_DISTINCT, VALUES);
    pieces_compare(3, SYMBOL_DISTINCT, VALUES);
}
END_TEST

START_TEST(values_that_get_too_many_for_the_column_fold)
{
    pieces_compare(2, SYMBOL_DISTINCT, 200);
    pieces_compare(3, SYMBOL_DISTINCT, 200);
}
END_TEST

START_TEST(values_that_get_too_many_for_the_tables_fold)
{
    pieces_compare(2, 16, 40);
    pieces_compare(3, 16, 40);
}
END_TEST

Suite *suite_survey_cross(void);
Suite *suite_survey_cross(void)
{
    Suite *suite = suite_create("survey/cross");
    TCase *cases = tcase_create("tables");

    tcase_add_test(cases, tables_of_pieces_are_those_of_the_whole);
    tcase_add_test(cases, values_that_get_too_many_for_the_column_fold);
    tcase_add_test(cases, values_that_get_too_many_for_the_tables_fold);
    suite_add_tcase(suite, cases);
    return suite;
}
