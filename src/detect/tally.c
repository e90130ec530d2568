/* Counts what the values of one column look like. Values are reduced at once to a hash (to count
 * distinct ones) and to eight leading bytes or a number (to see whether they run with physical
 * order); no value outlives the call. */
#include "base/siphash.h"
#include "detect/documents.h"
#include "detect/sample.h"
#include "detect/shapes.h"
#include "transform/week.h"
#include "value/type.h"

#include "transform/params.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>

struct ranked {
    int64_t number;  /* integers and times; of text: its length */
    uint64_t prefix; /* of text: eight bytes behind the prefix that all share */
    uint32_t row;
    double rank;
};

#define HEAD_BYTES 40
#define LENGTH_MAX 65535u /* of one value, so that sums stay in 32 bits */

struct head { /* the first bytes of a text, until their common prefix is known */
    uint8_t len;
    char bytes[HEAD_BYTES];
};

struct tally {
    const struct type *type;
    struct arena *arena;  /* owned */
    bool holds_documents; /* false inside of documents: one level of JSON in JSON is enough */
    struct documents *documents;
    uint32_t *week;
    struct map *distinct;
    struct sipkey key; /* random: hashes mean nothing outside of this tally */
    struct sample_facts facts;
    size_t count, capacity, head_capacity;
    struct ranked *ranked;
    struct head *heads;
};

struct tally *tally_new(const struct type *type)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct tally *tally = arena ? ARENA_NEW(arena, struct tally) : NULL;

    if (!tally)
        return NULL;
    tally->type = type;
    tally->holds_documents = true;
    tally->distinct = map_new();
    if (!tally->distinct)
        return NULL;
    randombytes_buf(&tally->key, sizeof(tally->key));
    tally->arena = arena;
    arena = NULL;
    return tally;
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    documents_free(tally->documents);
    map_free(tally->distinct);
    arena_free(tally->arena);
}

static bool count_distinct(struct tally *tally, const void *bytes, size_t len)
{
    uint64_t hash = siphash(&tally->key, bytes, len);
    bool is_new = false;

    return map_put(tally->distinct, span_make(&hash, sizeof(hash)), 0, &is_new) != NULL;
}

static bool add_rank(struct tally *tally, int64_t number)
{
    struct ranked *ranked =
        arena_grow(tally->arena, tally->ranked, tally->count, &tally->capacity, sizeof(*ranked));

    assert(tally->count <= tally->capacity);
    if (!ranked)
        return false;
    tally->ranked = ranked;
    ranked[tally->count] = (struct ranked){.number = number, .row = tally->facts.rows};
    tally->count++;
    return true;
}

static bool add_document(struct tally *tally, struct span text)
{
    if (!tally->holds_documents)
        return true;
    if (!tally->documents)
        tally->documents = documents_new();
    return tally->documents && documents_add(tally->documents, text);
}

static bool add_text(struct tally *tally, struct span text)
{
    struct sample_facts *facts = &tally->facts;
    struct head *heads =
        arena_grow(tally->arena, tally->heads, tally->count, &tally->head_capacity, sizeof(*heads));

    if (!heads)
        return false;
    tally->heads = heads;
    struct head *head = &heads[tally->count];
    head->len = (uint8_t)(text.len < HEAD_BYTES ? text.len : HEAD_BYTES);
    if (head->len > 0)
        memcpy(head->bytes, text.ptr, head->len);
    facts->empties += text.len == 0;
    facts->longest = text.len > facts->longest ? text.len : facts->longest;
    facts->total_length += text.len < LENGTH_MAX ? text.len : LENGTH_MAX;
    evidence_add(facts, text);
    if (shape_is_json(text) && !add_document(tally, text))
        return false;
    return count_distinct(tally, text.len > 0 ? text.ptr : "", text.len) &&
           add_rank(tally, text.len);
}

static bool add_number(struct tally *tally, int64_t number)
{
    struct sample_facts *facts = &tally->facts;

    facts->smallest = tally->count == 0 || number < facts->smallest ? number : facts->smallest;
    facts->greatest = tally->count == 0 || number > facts->greatest ? number : facts->greatest;
    return count_distinct(tally, &number, sizeof(number)) && add_rank(tally, number);
}

/* Digits that are held as a number are looked at as if they were written. */
static bool add_integer(struct tally *tally, int64_t number)
{
    const bool is_unsigned = type_is_unsigned(tally->type);
    char text[24];
    int len = snprintf(text, sizeof(text), is_unsigned ? "%" PRIu64 : "%" PRId64, number);

    assert(len > 0 && (size_t)len < sizeof(text));
    tally->facts.like_card += shape_is_card(span_make(text, (size_t)len));
    tally->facts.like_national += shape_is_national(span_make(text, (size_t)len));
    return add_number(tally, number);
}

static bool is_year_of_birth(int64_t days)
{
    return days >= date_to_days(1900, 1, 1) && days < date_to_days(2016, 1, 1);
}

static bool add_date(struct tally *tally, int64_t days)
{
    bool is_finite = days != TIME_MIN && days != TIME_MAX && !time_is_partial(KIND_DATE, days);

    tally->facts.like_birth += is_finite && is_year_of_birth(days);
    return add_number(tally, days);
}

/* Weeks begin on Monday 1970-01-05. */
static size_t hour_of_week(int64_t us)
{
    int64_t hours = floor_div(us, DAY_US / 24) - INT64_C(4) * 24;

    return (size_t)(hours - floor_to(hours, WEEK_HOURS));
}

/* Exact midnights are days, and say nothing of an hour. */
static bool add_hour(struct tally *tally, int64_t us)
{
    if (!tally->week)
        tally->week = ARENA_ARRAY(tally->arena, WEEK_HOURS, uint32_t);
    if (!tally->week)
        return false;
    if (us != TIME_MIN && us != TIME_MAX && !time_is_partial(KIND_TIMESTAMP, us) &&
        floor_to(us, DAY_US) != us)
        tally->week[hour_of_week(us)]++;
    return true;
}

static bool add_moment(struct tally *tally, int64_t us)
{
    bool is_finite = us != TIME_MIN && us != TIME_MAX && !time_is_partial(KIND_TIMESTAMP, us);
    int64_t day = floor_div(us, DAY_US);

    if (!add_hour(tally, us))
        return false;
    tally->facts.midnights += is_finite && us == day * DAY_US;
    tally->facts.like_birth += is_finite && is_year_of_birth(day);
    return add_number(tally, us);
}

static bool add_json(struct tally *tally, struct span text)
{
    return add_document(tally, text) &&
           count_distinct(tally, text.len > 0 ? text.ptr : "", text.len);
}

static bool add_value(struct tally *tally, const struct value *value)
{
    switch (tally->type->kind) {
    case KIND_BOOLEAN:
        return add_number(tally, value->boolean);
    case KIND_INTEGER:
        return add_integer(tally, value->integer);
    case KIND_DATE:
        return add_date(tally, value->integer);
    case KIND_TIME:
        return add_number(tally, value->integer);
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return add_moment(tally, value->integer);
    case KIND_JSON:
        return add_json(tally, value->bytes);
    case KIND_TEXT:
        return add_text(tally, value->bytes);
    case KIND_UUID:
        return count_distinct(tally, value->uuid, sizeof(value->uuid));
    case KIND_REAL:
        return count_distinct(tally, &value->real, sizeof(value->real));
    default:
        return count_distinct(tally, value->bytes.len > 0 ? value->bytes.ptr : "",
                              value->bytes.len);
    }
}

struct tally *tally_new_inside(const struct type *type)
{
    struct tally *tally = tally_new(type);

    if (tally)
        tally->holds_documents = false;
    return tally;
}

bool tally_add(struct tally *tally, const struct value *value, struct error *err)
{
    if (value->is_null)
        tally->facts.nulls++;
    else if (!add_value(tally, value))
        return error_memory(err);
    tally->facts.rows++;
    return true;
}

/* Codes that are counted up share a beginning ("INV-2026-"): what is behind it decides. */
static void rank_texts(struct tally *tally)
{
    size_t shared = tally->count > 0 ? tally->heads[0].len : 0;

    for (size_t i = 1; i < tally->count; i++) {
        size_t same = 0;
        while (same < shared && same < tally->heads[i].len &&
               tally->heads[i].bytes[same] == tally->heads[0].bytes[same])
            same++;
        shared = same;
    }
    for (size_t i = 0; i < tally->count; i++) {
        const struct head *head = &tally->heads[i];
        uint64_t prefix = 0;
        for (size_t b = 0; b < 8; b++)
            prefix = prefix << 8 |
                     (shared + b < head->len ? (unsigned char)head->bytes[shared + b] : 0u);
        tally->ranked[i].prefix = prefix;
    }
}

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;

    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return left->prefix < right->prefix ? -1 : left->prefix > right->prefix;
}

/* |Spearman|: the correlation of ranks with row numbers, equal values sharing their mean rank. */
static double correlate(struct tally *tally)
{
    struct ranked *items = tally->ranked;
    size_t count = tally->count;
    double mean = ((double)count - 1) / 2, rows = 0, both = 0, left = 0, right = 0;

    assert(count > 1);
    qsort(items, count, sizeof(*items), compare_ranked);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && compare_ranked(&items[i], &items[end]) == 0; end++)
            continue;
        for (size_t k = i; k < end; k++)
            items[k].rank = ((double)i + (double)end - 1) / 2;
    }
    for (size_t i = 0; i < count; i++)
        rows += items[i].row / (double)count;
    for (size_t i = 0; i < count; i++) {
        double a = items[i].rank - mean, b = items[i].row - rows;
        both += a * b;
        left += a * a;
        right += b * b;
    }
    return left > 0 && right > 0 ? fabs(both) / sqrt(left * right) : 0;
}

/* What facts point at outlives the tally. */
static bool copy_week(const struct tally *tally, struct arena *arena, struct sample_facts *facts)
{
    uint32_t *week = tally->week ? ARENA_ARRAY(arena, WEEK_HOURS, uint32_t) : NULL;

    for (size_t i = 0; week && i < WEEK_HOURS; i++)
        week[i] = tally->week[i];
    facts->week = week;
    return week || !tally->week;
}

bool tally_add_hour(struct tally *tally, const struct value *value, struct error *err)
{
    assert(tally->type->kind == KIND_TIMESTAMP || tally->type->kind == KIND_INSTANT);
    return value->is_null || add_hour(tally, value->integer) || error_memory(err);
}

const struct sample_facts *tally_facts(const struct tally *tally)
{
    return &tally->facts;
}

bool tally_finish(struct tally *tally, struct arena *arena, struct sample_facts *facts,
                  struct error *err)
{
    size_t distinct = map_count(tally->distinct);

    assert(tally->facts.nulls + tally->count <= tally->facts.rows);
    if (distinct > UINT32_MAX)
        return error_set(err, STATUS_BUG, "a sample has too many values");
    tally->facts.distinct = (uint32_t)distinct;
    if (tally->type->kind == KIND_TEXT)
        rank_texts(tally);
    if (tally->count >= 30)
        tally->facts.order_correlation = correlate(tally);
    *facts = tally->facts;
    if (!copy_week(tally, arena, facts))
        return error_memory(err);
    return !tally->documents || documents_finish(tally->documents, arena, facts, err);
}
