/* A set of keyed hashes of what must not be found again. */
#include "run/leak.h"

#include "base/arena.h"
#include "base/siphash.h"
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

enum { FIRST_CAPACITY = 1024 };

struct leak_set {
    struct arena *home; /* owned; this structure */
    struct sipkey key;
    pthread_mutex_t mutex; /* guards all below while it is being filled */
    struct arena *arena;   /* owned; the slots */
    uint64_t *slots;       /* 0: free */
    size_t capacity, count, ceiling;
    size_t numbers[LEAK_DIGITS_MAX + 1]; /* texts of nothing but digits, by their length */
    bool is_full;
};

bool leak_set_new(size_t ceiling, struct leak_set **set, struct error *err)
{
    struct arena *home = arena_new(), *arena = arena_new();
    struct leak_set *made = home ? ARENA_NEW(home, struct leak_set) : NULL;
    uint8_t bytes[16];

    *set = NULL;
    if (made)
        made->slots = arena ? ARENA_ARRAY(arena, FIRST_CAPACITY, uint64_t) : NULL;
    if (!made || !made->slots) {
        arena_free(arena);
        arena_free(home);
        return error_memory(err);
    }
    randombytes_buf(bytes, sizeof(bytes));
    made->key = sipkey_read(bytes);
    sodium_memzero(bytes, sizeof(bytes));
    made->home = home;
    made->arena = arena;
    made->ceiling = ceiling;
    made->capacity = FIRST_CAPACITY;
    pthread_mutex_init(&made->mutex, NULL);
    *set = made;
    return true;
}

void leak_set_free(struct leak_set *set)
{
    if (!set)
        return;
    pthread_mutex_destroy(&set->mutex);
    arena_free(set->arena);
    arena_free(set->home);
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
        set->is_full = true;
        return true;
    }
    struct arena *arena = arena_new();
    uint64_t *slots = arena ? ARENA_ARRAY(arena, capacity, uint64_t) : NULL;
    if (!slots) {
        arena_free(arena);
        return error_memory(err);
    }
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i])
            slot_put(slots, capacity, set->slots[i]);
    arena_free(set->arena);
    set->arena = arena;
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

bool leak_flush(struct leak_set *set, struct leak_buffer *buffer, struct error *err)
{
    bool is_ok = true;

    pthread_mutex_lock(&set->mutex);
    for (size_t i = 0; is_ok && i < buffer->count; i++) {
        if (set->count * 4 >= set->capacity * 3 && !set->is_full)
            is_ok = set_grow(set, err);
        if (set->is_full)
            break;
        if (is_ok && slot_put(set->slots, set->capacity, buffer->hashes[i])) {
            set->count++;
            set->numbers[buffer->digits[i]]++;
        }
    }
    pthread_mutex_unlock(&set->mutex);
    buffer->count = 0;
    return is_ok;
}

static bool is_token_byte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte >= 128;
}

static bool is_joint(char byte)
{
    return byte == '@' || byte == '.' || byte == '_' || byte == '+' || byte == '-';
}

bool leak_token(struct span text, size_t least, size_t *position, struct span *token)
{
    size_t at = *position;

    while (at < text.len) {
        size_t begin = at;

        while (at < text.len && (is_token_byte((unsigned char)text.ptr[at]) ||
                                 (at > begin && is_joint(text.ptr[at]) && at + 1 < text.len &&
                                  is_token_byte((unsigned char)text.ptr[at + 1]))))
            at++;
        if (at - begin >= least) {
            *token = span_make(text.ptr + begin, at - begin);
            *position = at;
            return true;
        }
        at += at == begin;
    }
    *position = at;
    return false;
}

static struct span decimal_number(struct span decimal, char text[LEAK_DIGITS_MAX + 1])
{
    uint32_t at = decimal.len > 0 && decimal.ptr[0] == '-', begin, end;

    while (at < decimal.len && decimal.ptr[at] == '0')
        at++;
    for (begin = at; at < decimal.len && decimal.ptr[at] >= '0' && decimal.ptr[at] <= '9';)
        at++;
    for (end = at, at += at < decimal.len; at < decimal.len && decimal.ptr[at] == '0';)
        at++;
    if (at < decimal.len || end - begin < 8 || end - begin > LEAK_DIGITS_MAX)
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
    if (type->kind != KIND_INTEGER || (value->integer < 10000000 && value->integer > -10000000))
        return (struct span){0};
    uint64_t size = value->integer < 0 ? 0 - (uint64_t)value->integer : (uint64_t)value->integer;
    return span_make(text, (size_t)snprintf(text, LEAK_DIGITS_MAX + 1, "%" PRIu64, size));
}

bool leak_is_telling(struct span text)
{
    size_t position = 0, tokens = 0, digits = 0;
    struct span token;

    if (text.len < 8)
        return false;
    for (size_t i = 0; i < text.len; i++)
        digits += (text.ptr[i] >= '0' && text.ptr[i] <= '9') || text.ptr[i] == '@';
    while (tokens < 2 && leak_token(text, 2, &position, &token))
        tokens++;
    return tokens > 1 || (tokens == 1 && digits > 0);
}

static uint64_t leak_hash(const struct leak_set *set, struct span text)
{
    uint64_t hash = siphash(&set->key, text.ptr, text.len);

    return hash ? hash : 1;
}

/* The length of a text of nothing but digits; 0: it is another one. */
static size_t digits_count(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
    return text.len <= LEAK_DIGITS_MAX ? text.len : 0;
}

static bool buffer_put(struct leak_set *set, struct leak_buffer *buffer, struct span text,
                       struct error *err)
{
    buffer->digits[buffer->count] = (uint8_t)digits_count(text);
    buffer->hashes[buffer->count++] = leak_hash(set, text);
    return buffer->count < sizeof(buffer->hashes) / sizeof(buffer->hashes[0]) ||
           leak_flush(set, buffer, err);
}

bool leak_add(struct leak_set *set, struct leak_buffer *buffer, struct span text, struct error *err)
{
    struct span token;
    size_t position = 0;

    if (!leak_is_telling(text))
        return true;
    if (!buffer_put(set, buffer, text, err))
        return false;
    while (leak_token(text, 8, &position, &token))
        if (token.len < text.len && leak_is_telling(token) && !buffer_put(set, buffer, token, err))
            return false;
    return true;
}

bool leak_set_is_full(const struct leak_set *set)
{
    return set->is_full;
}

size_t leak_set_count(const struct leak_set *set)
{
    return set->count;
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

static bool set_has(const struct leak_set *set, uint64_t hash)
{
    size_t at = hash & (set->capacity - 1);

    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->capacity - 1);
    return set->slots[at] != 0;
}

bool leak_find(const struct leak_set *set, struct span text)
{
    struct span token;
    size_t position = 0;

    if (text.len < 8 || !leak_is_telling(text))
        return false;
    if (set_has(set, leak_hash(set, text)))
        return true;
    while (leak_token(text, 8, &position, &token))
        if (token.len < text.len && leak_is_telling(token) && set_has(set, leak_hash(set, token)))
            return true;
    return false;
}
