/* card: payment card numbers. What Luhn's check says of a number stays so; the rest is exchanged
 * by FF1. Among the hundred first pairs of digits the networks of payment cards issue under 45
 * (22 to 27, 30, 34 to 39, 40 to 69, 81, 82) and the airlines' UATP under ten (1x). So the 45
 * others have room for one number each, and the exchange stays one to one. */
#include "transform/bounds.h"
#include "transform/exchange.h"
#include "transform/form.h"
#include "transform/luhn.h"
#include "transform/numbers.h"
#include "transform/params.h"

#include <math.h>
#include <string.h>

enum {
    DIGITS_MIN = 12, /* ISO/IEC 7812: to 19 */
    DIGITS_MAX = 19,
    NUMBER_MAX = 18, /* digits that every number of 64 bits holds */
    PAIRS = 45,
    BIN_LONG = 16 /* numbers from this length on have an issuer of 8 digits, shorter ones of 6 */
};

struct card_params {
    bool keeps_bin;
    bool is_number;
    uint8_t issued[PAIRS], free[PAIRS];
    uint8_t ranks[100]; /* index into issued, PAIRS + index into free, NO_PAIR */
};

enum { NO_PAIR = 2 * PAIRS };

static bool is_issued(unsigned pair)
{
    return (pair >= 22 && pair <= 27) || pair == 30 || (pair >= 34 && pair <= 69) || pair == 81 ||
           pair == 82;
}

/* A number kept without leading zeros has no pair 0x; there the airlines' pairs stand in. */
static void pairs_fill(struct card_params *made)
{
    const unsigned left_out = made->is_number ? 0 : 1;
    unsigned issued = 0, free = 0;

    memset(made->ranks, NO_PAIR, sizeof(made->ranks));
    for (unsigned pair = 0; pair < 100; pair++) {
        if (is_issued(pair)) {
            made->ranks[pair] = (uint8_t)issued;
            made->issued[issued++] = (uint8_t)pair;
        } else if (pair / 10 != left_out) {
            made->ranks[pair] = (uint8_t)(PAIRS + free);
            made->free[free++] = (uint8_t)pair;
        }
    }
    assert(issued == PAIRS && free == PAIRS);
}

static bool number_fits(const struct transform_site *site, struct error *err)
{
    const unsigned whole = whole_digits(site);
    struct bounds bounds;

    bounds_read(site, &bounds);
    if (bounds.low > 1e11 || isfinite(bounds.high)) {
        error_set(err, STATUS_POLICY,
                  "a CHECK limits the numbers of '%s', and a card number cannot be moved inside "
                  "limits",
                  site->label);
        return error_hint(err, "use 'permute' with 'range: [LOWEST, HIGHEST]'");
    }
    if ((site->type->kind == KIND_INTEGER && type_width(site->type) < 8) ||
        (whole > 0 && whole < DIGITS_MIN)) {
        error_set(err, STATUS_POLICY, "'%s' cannot hold card numbers, which have %d digits or more",
                  site->label, DIGITS_MIN);
        return error_hint(err, "use 'permute'");
    }
    return true;
}

static bool card_prepare(const struct transform_site *site, const struct yaml_node *params,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct error *err)
{
    static const char *const words[] = {"test", "keep"};
    const struct yaml_node *node = param_find(params, "bin");
    struct card_params *made = ARENA_NEW(arena, struct card_params);
    size_t index = 0;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    made->keeps_bin = index == 1;
    made->is_number = site->type->kind != KIND_TEXT;
    pairs_fill(made);
    buf_add_format(prepared->canonical, "bin=%s;pairs=1;", words[index]);
    return !made->is_number || number_fits(site, err);
}

/* One number taken apart. */
struct card {
    uint8_t digits[DIGITS_MAX];
    uint8_t count, kept, offset;
    uint8_t pair; /* rank, when the issuer is not kept */
};

static bool is_separator(char c)
{
    return c == ' ' || c == '-' || c == '.';
}

static bool card_read(const struct card_params *params, struct span text, struct card *card)
{
    memset(card, 0, sizeof(*card));
    for (uint32_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];

        if (c >= '0' && c <= '9') {
            if (card->count == DIGITS_MAX)
                return false;
            card->digits[card->count++] = (uint8_t)(c - '0');
        } else if (params->is_number || !is_separator(c)) {
            return false;
        }
    }
    if (card->count < DIGITS_MIN || (params->is_number && card->count > NUMBER_MAX))
        return false;
    card->offset = (uint8_t)luhn_offset(card->digits, card->count);
    card->pair = params->ranks[card->digits[0] * 10 + card->digits[1]];
    card->kept = 2;
    if (params->keeps_bin)
        card->kept = card->count >= BIN_LONG ? 8 : 6;
    return true;
}

static bool is_card(const void *context, struct span text)
{
    struct card card;

    return card_read(context, text, &card);
}

/* A keyed number from the digits between the first pair and the last one. */
static unsigned pair_turn(const struct transform_call *call, const struct card *card,
                          unsigned round)
{
    uint64_t words[5] = {PURPOSE_FORM, (uint64_t)round << 8 | card->offset, card->count};

    memcpy(words + 3, card->digits + 2, card->count - 3u < 16 ? card->count - 3u : 16);
    return (unsigned)siphash_below(siphash_words(&call->key->sip, words, COUNT_OF(words)), PAIRS);
}

/* The pair turns by the other digits before and after these were exchanged under the pair. */
static void pair_move(const struct transform_call *call, struct card *card, unsigned round)
{
    const unsigned half = card->pair / PAIRS;

    if (card->pair == NO_PAIR)
        return;
    card->pair =
        (uint8_t)(half * PAIRS + (card->pair % PAIRS + pair_turn(call, card, round)) % PAIRS);
}

static void string_fill(const struct card_params *params, struct card *card,
                        struct exchange_string *string)
{
    const bool has_pair = !params->keeps_bin && card->pair != NO_PAIR;

    memset(string, 0, sizeof(*string));
    string->symbols = card->digits + card->kept;
    string->length = card->count - card->kept - 1u;
    string->tweak[string->tweak_length++] = card->offset;
    string->tweak[string->tweak_length++] = card->count;
    string->tweak[string->tweak_length++] = has_pair ? card->pair : 0xff;
    for (unsigned i = 0; !has_pair && i < card->kept; i++)
        string->tweak[string->tweak_length++] = card->digits[i];
}

/* Numbers of the networks become free ones with the same check; free ones had to become what is
 * left, whose check is one further off, so that none of them is a card. */
static void card_finish(const struct card_params *params, struct card *card)
{
    unsigned offset = card->offset;

    if (!params->keeps_bin && card->pair != NO_PAIR) {
        const bool was_free = card->pair >= PAIRS;
        const uint8_t pair =
            was_free ? params->issued[card->pair - PAIRS] : params->free[card->pair];

        card->digits[0] = pair / 10;
        card->digits[1] = pair % 10;
        offset = (offset + was_free) % 10;
    }
    card->digits[card->count - 1] = luhn_digit(card->digits, card->count, offset);
}

static bool card_write(const struct transform_call *call, const struct card *card,
                       struct value *value, struct error *err)
{
    char *text;
    uint32_t at = 0;

    if (call->type->kind == KIND_INTEGER) {
        uint64_t number = 0;

        for (unsigned i = 0; i < card->count; i++)
            number = number * 10 + card->digits[i];
        value->integer = (int64_t)number;
        return true;
    }
    text = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);
    if (!text)
        return error_memory(err);
    for (uint32_t i = 0; i < value->bytes.len && at < card->count; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            text[i] = (char)('0' + card->digits[at++]);
    }
    assert(at == card->count);
    value->bytes.ptr = text;
    return true;
}

static bool card_broken(const struct transform_call *call, struct value *value, struct error *err)
{
    struct span moved;
    bool is_kept = false;

    if (call->type->kind == KIND_TEXT)
        return value_scramble(call, value, is_card, call->params, err);
    ++*call->scrambled;
    if (call->type->kind == KIND_INTEGER) {
        const struct bounds none = {.low = -INFINITY, .high = INFINITY};
        const struct integer_limits limits = integer_limits(call->type, call->column, &none);
        const int64_t before = value->integer;

        value->integer = integer_redact(&call->key->sip, before, &limits, &limits);
        *call->unchanged += value->integer == before;
        return true;
    }
    if (!decimal_permute(&call->key->sip, value->bytes, call->arena, &moved, &is_kept, err))
        return false;
    *call->unchanged += is_kept;
    value->bytes = moved;
    return true;
}

struct batch {
    struct card *cards;
    struct exchange_string *strings;
    uint32_t *rows;
    uint32_t count;
};

static bool batch_read(const struct transform_call *call, struct seeder *seeder,
                       struct value *values, uint32_t count, struct batch *batch, struct error *err)
{
    const struct card_params *params = call->params;

    for (uint32_t i = 0; i < count; i++) {
        struct card *card = &batch->cards[batch->count];

        if (values[i].is_null || (call->type->kind == KIND_TEXT && values[i].bytes.len == 0))
            continue;
        const struct span text = seeder_canonical(seeder, &values[i]);

        if (!seeder_ok(seeder, err))
            return false;
        if (!card_read(params, text, card)) {
            if (!card_broken(call, &values[i], err))
                return false;
            continue;
        }
        pair_move(call, card, 0);
        string_fill(params, card, &batch->strings[batch->count]);
        batch->rows[batch->count++] = i;
    }
    return true;
}

static bool batch_move(const struct transform_call *call, const struct exchange *exchange,
                       struct value *values, struct batch *batch, struct error *err)
{
    const struct card_params *params = call->params;

    if (!exchange_strings(exchange, 10, batch->strings, batch->count, err))
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        pair_move(call, &batch->cards[i], 1);
        card_finish(params, &batch->cards[i]);
        if (!card_write(call, &batch->cards[i], &values[batch->rows[i]], err))
            return false;
    }
    return true;
}

static bool card_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    struct batch batch = {.cards = ARENA_ARRAY(call->arena, count, struct card),
                          .strings = ARENA_ARRAY(call->arena, count, struct exchange_string),
                          .rows = ARENA_ARRAY(call->arena, count, uint32_t)};
    struct exchange exchange;
    struct seeder seeder;
    bool is_whole;

    if (!batch.cards || !batch.strings || !batch.rows)
        return error_memory(err);
    if (!exchange_init(&exchange, call->key, call->arena, err))
        return false;
    seeder_init(&seeder, call);
    is_whole = batch_read(call, &seeder, values, count, &batch, err) &&
               batch_move(call, &exchange, values, &batch, err);
    seeder_release(&seeder);
    exchange_release(&exchange);
    return is_whole;
}

static const struct transform_param params[] = {
    {"bin", "test | keep",
     "test (default): begins as no card of a payment network does; keep: the issuer's 8 digits "
     "stay (6 of numbers under 16), so the number may be one in use"},
};

const struct transform transform_card = {
    .name = "card",
    .accepts = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_DECIMAL),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "payment card numbers that no payment network issues, Luhn's check kept",
    .example = "card_number: card",
    .guarantee = "One to one within a length. A valid number stays valid, an invalid one is off by "
                 "as much; separators stay. Numbers of the payment networks become such as none of "
                 "them issues (a domestic scheme may); those that were such already fail the check "
                 "afterwards. Airlines' numbers (1...) stay among themselves. What has not 12 to "
                 "19 digits is scrambled.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = card_prepare,
    .apply = card_apply,
};
