/* A set of keyed hashes of what must not be found again. */
#include "run/leak.h"

#include "base/arena.h"
#include "base/fasthash.h"
#include "run/leak_plain.h"

#include <pthread.h>
#include <sodium.h>

struct leak_set {
    struct arena *arena; /* owned: this structure */
    uint64_t seed;
    pthread_mutex_t mutex; /* guards all below while it is being filled */
    struct arena *memory;  /* owned: the slots; another one each time they grow */
    uint64_t *slots;       /* 0: free */
    size_t capacity, count, ceiling;
    size_t numbers[LEAK_DIGITS_MAX + 1]; /* texts of nothing but digits, by their length */
    struct arena *made_memory;           /* owned */
    uint64_t *made;                      /* the filter; NULL: none */
    size_t made_words;                   /* a power of two */
};

/* Zeroed slots in an arena of their own, so that growing gives the old ones back. */
static uint64_t *slots_new(size_t capacity, struct arena **memory)
{
    *memory = arena_new();
    uint64_t *slots = *memory ? ARENA_ARRAY(*memory, capacity, uint64_t) : NULL;

    if (!slots) {
        arena_free(*memory);
        *memory = NULL;
    }
    return slots;
}

bool leak_set_new(size_t ceiling, struct leak_set **set, struct error *err)
{
    struct arena *arena = arena_new();
    struct leak_set *made = arena ? ARENA_NEW(arena, struct leak_set) : NULL;

    *set = NULL;
    if (made) {
        made->arena = arena;
        made->ceiling = ceiling;
        made->capacity = 1024;
        made->slots = slots_new(made->capacity, &made->memory);
    }
    if (!made || !made->slots) {
        arena_free(arena);
        return error_memory(err);
    }
    randombytes_buf(&made->seed, sizeof(made->seed));
    pthread_mutex_init(&made->mutex, NULL);
    *set = made;
    return true;
}

void leak_set_free(struct leak_set *set)
{
    if (!set)
        return;
    pthread_mutex_destroy(&set->mutex);
    arena_free(set->memory);
    arena_free(set->made_memory);
    arena_free(set->arena);
}

#define FETCH_AHEAD 8 /* slots: their memory is on its way while others are filled */

static inline uint64_t *slot_of(const struct leak_set *set, uint64_t hash)
{
    return &set->slots[hash & (set->capacity - 1)];
}

static bool slot_put(uint64_t *slots, size_t capacity, uint64_t hash)
{
    size_t at = hash & (capacity - 1);

    while (slots[at] && slots[at] != hash)
        at = (at + 1) & (capacity - 1);
    if (slots[at])
        return false;
    slots[at] = hash;
    return true;
}

static bool set_grow(struct leak_set *set, struct error *err)
{
    size_t capacity = set->capacity * 2;

    if (capacity * sizeof(uint64_t) > set->ceiling) {
        error_set(err, STATUS_LOCAL,
                  "the identifying values do not fit into their share of --memory: %zu are held",
                  set->count);
        return error_hint(err,
                          "raise --memory: a quarter of it holds them, at 11 to 21 bytes each");
    }
    struct arena *memory = NULL;
    uint64_t *slots = slots_new(capacity, &memory);

    if (!slots)
        return error_memory(err);
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i])
            slot_put(slots, capacity, set->slots[i]);
    arena_free(set->memory);
    set->memory = memory;
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

bool leak_flush(struct leak_set *set, struct leak_buffer *buffer, struct error *err)
{
    bool is_ok = true;

    pthread_mutex_lock(&set->mutex);
    for (size_t i = 0; is_ok && i < buffer->count; i++) {
        if (i + FETCH_AHEAD < buffer->count)
            __builtin_prefetch(slot_of(set, buffer->hashes[i + FETCH_AHEAD]), 1);
        if (set->count * 4 >= set->capacity * 3)
            is_ok = set_grow(set, err);
        if (is_ok && slot_put(set->slots, set->capacity, buffer->hashes[i])) {
            set->count++;
            set->numbers[buffer->digits[i]]++;
        }
    }
    pthread_mutex_unlock(&set->mutex);
    buffer->count = 0;
    return is_ok;
}

enum { BYTE_TOKEN = 1, BYTE_JOINT = 2, BYTE_TELLING = 4, BYTE_LETTER = 8 };

/* Of all bytes of a text of nothing but digits, and of no other that is one token. */
#define BYTES_OF_NUMBER (BYTE_TOKEN | BYTE_TELLING)

#define BYTES_OF(first, last, kind) [first... last] = (kind)

/* Letters, digits and what is not ASCII make tokens; joints only between two of them. */
__extension__ static const uint8_t byte_kinds[256] = {
    BYTES_OF('a', 'z', BYTE_TOKEN | BYTE_LETTER),
    BYTES_OF('A', 'Z', BYTE_TOKEN | BYTE_LETTER),
    BYTES_OF(128, 255, BYTE_TOKEN | BYTE_LETTER),
    BYTES_OF('0', '9', BYTE_TOKEN | BYTE_TELLING),
    ['@'] = BYTE_JOINT | BYTE_TELLING,
    ['.'] = BYTE_JOINT,
    ['_'] = BYTE_JOINT,
    ['+'] = BYTE_JOINT,
    ['-'] = BYTE_JOINT,
};

struct scan {
    const uint8_t *at, *end;
    const uint8_t *token; /* of the last token; it ends at `at` */
    unsigned kinds;       /* of all bytes passed */
    unsigned token_kinds; /* of the last token's bytes */
    size_t longest;       /* length of the last token */
    size_t digits;        /* of the text hashed last, if it is nothing else; or 0 */
};

static struct scan scan_begin(struct span text)
{
    const uint8_t *bytes = (const void *)text.ptr;

    return (struct scan){.at = bytes, .end = bytes + text.len};
}

/* Each byte is looked at once, instead of in passes of their own for digits, tokens and the tokens'
 * digits. */
static inline bool scan_next(struct scan *scan)
{
    const uint8_t *at = scan->at, *end = scan->end;
    unsigned kinds = 0, kind = 0;

    while (at < end && !((kind = byte_kinds[*at]) & BYTE_TOKEN)) {
        scan->kinds |= kind;
        at++;
    }
    scan->token = at;
    for (; at < end; at++) {
        kind = byte_kinds[*at];
        if (!(kind & BYTE_TOKEN) &&
            (!(kind & BYTE_JOINT) || at + 1 == end || !(byte_kinds[at[1]] & BYTE_TOKEN)))
            break;
        kinds |= kind;
    }
    scan->at = at;
    scan->kinds |= kinds;
    scan->token_kinds = kinds;
    return at > scan->token;
}

static inline struct span scan_token(const struct scan *scan)
{
    return span_make(scan->token, (size_t)(scan->at - scan->token));
}

bool leak_token(struct span text, size_t least, size_t *position, struct span *token)
{
    struct scan scan = scan_begin(text);

    scan.at += *position;
    while (scan_next(&scan)) {
        *token = scan_token(&scan);
        *position = (size_t)(token->ptr - text.ptr) + token->len;
        if (token->len >= least)
            return true;
    }
    *position = text.len;
    return false;
}

/* What has been passed is more than a lone word. */
static bool scan_is_telling(const struct scan *scan, size_t tokens)
{
    return tokens > 1 || (tokens == 1 && (scan->kinds & BYTE_TELLING));
}

bool leak_is_telling(struct span text)
{
    struct scan scan = scan_begin(text);
    size_t tokens = 0;

    if (text.len < LEAK_BYTES_MIN)
        return false;
    while (scan_next(&scan))
        tokens += scan_token(&scan).len >= 2;
    return scan_is_telling(&scan, tokens);
}

/* Letters of ASCII count alike in both cases: what was hidden is hidden in capitals too. */
static uint64_t leak_hash(const struct leak_set *set, struct span text)
{
    uint64_t hash = set->seed;
    char folded[256];

    for (uint32_t at = 0; at < text.len; at += (uint32_t)sizeof(folded)) {
        uint32_t len = text.len - at < sizeof(folded) ? text.len - at : (uint32_t)sizeof(folded);

        for (uint32_t i = 0; i < len; i++) {
            char byte = text.ptr[at + i];

            folded[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
        }
        hash = fasthash(hash, folded, len);
    }
    return hash ? hash : 1;
}

/* The next hash that counts: of the tokens that tell by themselves, then of the whole text.
 * `tokens` starts at 0. False at the end. */
static bool hash_next(const struct leak_set *set, struct scan *scan, struct span text,
                      size_t *tokens, uint64_t *hash)
{
    if (text.len < LEAK_BYTES_MIN || *tokens == SIZE_MAX)
        return false;
    while (scan_next(scan)) {
        struct span token = scan_token(scan);

        *tokens += token.len >= 2;
        scan->longest = token.len;
        if (token.len >= LEAK_BYTES_MIN && token.len < text.len &&
            (scan->token_kinds & BYTE_TELLING)) {
            *hash = leak_hash(set, token);
            scan->digits = scan->token_kinds == BYTES_OF_NUMBER ? token.len : 0;
            return true;
        }
    }
    if (!scan_is_telling(scan, *tokens))
        return false;
    bool is_number = *tokens == 1 && scan->longest == text.len && scan->kinds == BYTES_OF_NUMBER;
    scan->digits = is_number ? text.len : 0;
    *tokens = SIZE_MAX;
    *hash = leak_hash(set, text);
    return true;
}

static bool text_add(struct leak_set *set, struct leak_buffer *buffer, struct span text,
                     struct error *err)
{
    struct scan scan = scan_begin(text);
    size_t tokens = 0;
    uint64_t hash = 0;

    while (hash_next(set, &scan, text, &tokens, &hash)) {
        buffer->digits[buffer->count] = (uint8_t)(scan.digits <= LEAK_DIGITS_MAX ? scan.digits : 0);
        buffer->hashes[buffer->count++] = hash;
        if (buffer->count == COUNT_OF(buffer->hashes) && !leak_flush(set, buffer, err))
            return false;
    }
    return true;
}

bool leak_add(struct leak_set *set, struct leak_buffer *buffer, struct span text, struct error *err)
{
    struct buf plain;
    bool is_ok;

    if (!text_add(set, buffer, text, err))
        return false;
    if (text.len < LEAK_BYTES_MIN || !leak_is_spelled(text))
        return true;
    buf_init(&plain, BUF_CEILING_MAX);
    leak_plain(text, &plain);
    is_ok = buf_ok(&plain) ? text_add(set, buffer, buf_span(&plain), err) : error_memory(err);
    buf_release(&plain);
    return is_ok;
}

#define MADE_BITS_EACH 16u
#define MADE_PROBES    4u

bool leak_made_reserve(struct leak_set *set, uint64_t texts, struct error *err)
{
    size_t words = 1024;

    assert(!set->made);
    while (words < texts * MADE_BITS_EACH / 64 && words * 2 * sizeof(uint64_t) <= set->ceiling / 4)
        words *= 2;
    set->made = slots_new(words, &set->made_memory);
    set->made_words = words;
    return set->made || error_memory(err);
}

uint64_t leak_place(size_t table, size_t column)
{
    return ((uint64_t)table << 32 | column) + 1;
}

/* One word holds all bits of a text: one place in memory to wait for. */
static uint64_t made_bits(uint64_t place, uint64_t hash, uint64_t *mixed)
{
    uint64_t bits = 0;

    *mixed = fasthash(place, &hash, sizeof(hash));
    for (unsigned i = 0; i < MADE_PROBES; i++)
        bits |= (uint64_t)1 << (*mixed >> (6 * i) & 63);
    return bits;
}

static void made_put(struct leak_set *set, uint64_t place, uint64_t hash)
{
    uint64_t mixed, bits = made_bits(place, hash, &mixed);
    uint64_t *word = &set->made[mixed >> 24 & (set->made_words - 1)];

    if ((__atomic_load_n(word, __ATOMIC_RELAXED) & bits) != bits)
        __atomic_fetch_or(word, bits, __ATOMIC_RELAXED);
}

static bool made_has(const struct leak_set *set, uint64_t place, uint64_t hash)
{
    uint64_t mixed, bits;

    if (!place || !set->made)
        return false;
    bits = made_bits(place, hash, &mixed);
    return (set->made[mixed >> 24 & (set->made_words - 1)] & bits) == bits;
}

static void made_text(struct leak_set *set, uint64_t place, struct span text)
{
    struct scan scan = scan_begin(text);
    size_t tokens = 0;
    uint64_t hash = 0;

    while (hash_next(set, &scan, text, &tokens, &hash))
        made_put(set, place, hash);
}

bool leak_made_add(struct leak_set *set, uint64_t place, struct span text, struct error *err)
{
    struct buf plain;
    bool is_ok;

    assert(place);
    if (!set->made)
        return true;
    made_text(set, place, text);
    if (text.len < LEAK_BYTES_MIN || !leak_is_spelled(text))
        return true;
    buf_init(&plain, BUF_CEILING_MAX);
    leak_plain(text, &plain);
    is_ok = buf_ok(&plain);
    if (is_ok)
        made_text(set, place, buf_span(&plain));
    buf_release(&plain);
    return is_ok || error_memory(err);
}

/* Of each word the share of its bits that are set, to the power of the probes. */
double leak_made_error(const struct leak_set *set)
{
    double sum = 0;

    for (size_t i = 0; i < set->made_words; i++) {
        double share = __builtin_popcountll(set->made[i]) / 64.0;

        sum += share * share * share * share;
    }
    return set->made_words ? sum / (double)set->made_words : 0;
}

size_t leak_set_count(const struct leak_set *set)
{
    return set->count;
}

bool leak_made_check(const struct leak_set *set, struct error *err)
{
    if (leak_made_error(set) <= 0.5)
        return true;
    error_set(err, STATUS_LOCAL,
              "what dense rules made does not fit into its share of --memory: chance could not be "
              "told from leaks");
    return error_hint(err, "raise --memory: a sixteenth of it holds them, at 2 bytes each");
}

double leak_chance(const struct leak_set *set, size_t digits)
{
    double all = 9;

    if (digits == 0 || digits > LEAK_DIGITS_MAX)
        return 0;
    for (size_t i = 1; i < digits; i++)
        all *= 10;
    return (double)set->numbers[digits] / all;
}

static struct span decimal_number(struct span decimal, char text[LEAK_DIGITS_MAX + 1])
{
    uint32_t at = decimal.len > 0 && decimal.ptr[0] == '-', begin, end;

    while (at < decimal.len && decimal.ptr[at] == '0')
        at++;
    for (begin = at; at < decimal.len && decimal.ptr[at] >= '0' && decimal.ptr[at] <= '9';)
        at++;
    end = at;
    if (at < decimal.len && decimal.ptr[at] == '.')
        at++;
    while (at < decimal.len && decimal.ptr[at] == '0')
        at++;
    if (at < decimal.len || end - begin < LEAK_BYTES_MIN || end - begin > LEAK_DIGITS_MAX)
        return (struct span){0};
    memcpy(text, decimal.ptr + begin, end - begin);
    return span_make(text, end - begin);
}

struct span leak_number(const struct type *type, const struct value *value,
                        char text[LEAK_DIGITS_MAX + 1])
{
    if (value->is_null)
        return (struct span){0};
    if (type->kind == KIND_DECIMAL)
        return decimal_number(value->bytes, text);
    const bool is_negative = value->integer < 0 && !type->is_unsigned;
    uint64_t size = is_negative ? 0 - (uint64_t)value->integer : (uint64_t)value->integer;

    if (type->kind != KIND_INTEGER || size < 10000000)
        return (struct span){0};
    char *digit = text + LEAK_DIGITS_MAX;
    for (; size > 0; size /= 10)
        *--digit = (char)('0' + size % 10);
    return span_make(digit, (size_t)(text + LEAK_DIGITS_MAX - digit));
}

static bool set_has(const struct leak_set *set, uint64_t hash)
{
    const uint64_t *slot = slot_of(set, hash), *end = set->slots + set->capacity;

    while (*slot && *slot != hash)
        slot = slot + 1 < end ? slot + 1 : set->slots;
    return *slot != 0;
}

bool leak_find(const struct leak_set *set, struct span text)
{
    struct scan scan = scan_begin(text);
    size_t tokens = 0;
    uint64_t hash = 0;

    while (hash_next(set, &scan, text, &tokens, &hash))
        if (set_has(set, hash))
            return true;
    return false;
}

static void text_search(struct leak_search *search, struct span text, uint32_t mark)
{
    struct scan scan = scan_begin(text);
    size_t tokens = 0;
    uint64_t hash = 0;

    while (hash_next(search->set, &scan, text, &tokens, &hash)) {
        __builtin_prefetch(slot_of(search->set, hash));
        search->waiting[search->count++] =
            (struct leak_sought){hash, search->texts, search->place, mark};
        if (search->count == COUNT_OF(search->waiting))
            leak_search_end(search);
    }
}

void leak_search(struct leak_search *search, struct span text, uint32_t mark)
{
    struct buf plain;

    search->texts++;
    text_search(search, text, mark);
    if (text.len < LEAK_BYTES_MIN || !leak_is_spelled(text))
        return;
    buf_init(&plain, BUF_CEILING_MAX);
    leak_plain(text, &plain);
    if (buf_ok(&plain))
        text_search(search, buf_span(&plain), mark);
    else
        search->has_memory_failed = true;
    buf_release(&plain);
}

void leak_search_end(struct leak_search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        const struct leak_sought *sought = &search->waiting[i];

        if (sought->text == search->last_found || !set_has(search->set, sought->hash))
            continue;
        bool is_made = made_has(search->set, sought->place, sought->hash);
        uint64_t *last = is_made ? &search->last_made : &search->last_found;
        if (*last == sought->text)
            continue;
        *last = sought->text;
        search->found(search->context, sought->mark, is_made);
    }
    search->count = 0;
}
