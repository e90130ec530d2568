/* The speed of each keyed construction (transforms.md section 2) as a multiple of crypto_shorthash
 * over 8 bytes, measured in the same process: nanoseconds differ from machine to machine, multiples
 * little. Prints each beside its goal, and says which are over 1.5 of it. usage: constructions */
#include "transform/feistel.h"
#include "transform/ff1.h"
#include "transform/keys.h"
#include "transform/seed.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* What the published figures were measured against: 8.1 ns for one crypto_shorthash of 8 bytes. */
#define SHORTHASH_NS 8.1
#define ALLOWED      1.5

enum { ROUNDS = 7, FF1_BATCH = 1024, FF1_DIGITS = 10 };

struct bench {
    struct domain_key key;
    struct keyring *keyring;
    struct arena *arena;
    const uint32_t *table;
    struct feistel feistel, addresses;
    struct ff1 ff1;
    struct ff1_value values[FF1_BATCH];
    uint64_t sum; /* keeps the work from being thrown away */
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void run_shorthash(struct bench *bench, uint64_t count)
{
    uint8_t key[crypto_shorthash_KEYBYTES] = {1}, out[crypto_shorthash_BYTES];
    uint64_t hash;

    for (uint64_t i = 0; i < count; i++) {
        crypto_shorthash(out, (const uint8_t *)&i, sizeof(i), key);
        memcpy(&hash, out, sizeof(hash));
        bench->sum ^= hash;
    }
}

static void run_choice(struct bench *bench, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t words[3] = {PURPOSE_VALUE, 0, i};

        bench->sum ^= siphash_words(&bench->key.sip, words, 3);
    }
}

static void run_feistel(struct bench *bench, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        bench->sum ^= feistel_apply(&bench->feistel, &bench->key.sip, 3, i);
}

static void run_table(struct bench *bench, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        bench->sum ^= bench->table[i & 0xffff];
}

static void run_uuid(struct bench *bench, uint64_t count)
{
    uint8_t uuid[16] = {1, 2, 3, 4, 5, 6, 0x40, 8, 0x80};
    bool is_kept;

    for (uint64_t i = 0; i < count; i++)
        uuid_permute(&bench->key.sip, false, uuid, &is_kept);
    bench->sum ^= uuid[0];
}

static void ff1_run(struct bench *bench, uint64_t count, size_t batch)
{
    struct error err = {0};

    for (uint64_t i = 0; i < count; i += batch)
        if (!ff1_encrypt(&bench->ff1, 10, bench->values, batch, &err))
            bench->sum++;
    bench->sum ^= bench->values[0].symbols[0];
}

static void run_ff1_batched(struct bench *bench, uint64_t count)
{
    ff1_run(bench, count, FF1_BATCH);
}

static void run_ff1_single(struct bench *bench, uint64_t count)
{
    ff1_run(bench, count, 1);
}

static void run_address(struct bench *bench, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        bench->sum ^= feistel_apply(&bench->addresses, &bench->key.sip, 4, i);
}

static void run_derive(struct bench *bench, uint64_t count)
{
    struct domain_key key;

    for (uint64_t i = 0; i < count; i++)
        keyring_derive(bench->keyring, "email", "email", SPAN_LITERAL("a=1;"), &key);
    bench->sum ^= key.aes[0];
}

static const struct construction {
    const char *need;
    void (*run)(struct bench *bench, uint64_t count);
    uint64_t count;
    double goal_ns; /* the published figure; 0: it has none */
    unsigned aes_bytes;
} constructions[] = {
    {"crypto_shorthash, 8 bytes", run_shorthash, 4000000, SHORTHASH_NS, 0},
    {"a choice, a shift, a noise: SipHash-2-4", run_choice, 4000000, 15, 0},
    {"integers: mixed-radix Feistel, 10 rounds", run_feistel, 400000, 87, 0},
    {"integers below 2^20: table", run_table, 20000000, 1, 0},
    {"UUID: 122-bit Feistel", run_uuid, 400000, 88, 0},
    {"10 digits: FF1 AES-128, batches of 1,024", run_ff1_batched, 409600, 95, 16},
    {"10 digits: FF1 AES-256, batches of 1,024", run_ff1_batched, 409600, 95, 32},
    {"10 digits: FF1 AES-256, one by one", run_ff1_single, 40000, 340, 32},
    {"IP: flat bijection", run_address, 400000, 70, 0},
    {"a domain's keys: BLAKE2b", run_derive, 100000, 350, 0},
};

/* The least of several rounds: what else runs on the machine only adds. */
static double measure(struct bench *bench, const struct construction *row)
{
    double least = 0;

    for (int round = 0; round < ROUNDS; round++) {
        const double begin = now();

        row->run(bench, row->count);
        const double each = (now() - begin) / (double)row->count;
        least = round == 0 || each < least ? each : least;
    }
    return least;
}

static bool bench_init(struct bench *bench)
{
    uint8_t *master = sodium_init() < 0 ? NULL : sodium_malloc(32);
    struct error err = {0};

    if (!master)
        return false;
    memset(master, 7, 32);
    bench->arena = arena_new();
    if (!bench->arena || !keyring_new(master, 1, &bench->keyring, &err))
        return false;
    keyring_derive(bench->keyring, "permute", "bench", SPAN_LITERAL(""), &bench->key);
    feistel_init(&bench->feistel, UINT64_C(1) << 30);
    feistel_init(&bench->addresses, UINT64_C(1) << 32);
    bench->table = table_new(&bench->key.table, 0, 1u << 16, bench->arena);
    for (size_t i = 0; i < FF1_BATCH; i++)
        bench->values[i] = (struct ff1_value){.symbols = {(uint8_t)(i % 10)}, .length = FF1_DIGITS};
    return bench->table != NULL;
}

int main(void)
{
    static struct bench bench;
    double base = 0;

    if (!bench_init(&bench))
        return 1;
    printf("%-44s %8s %9s %9s\n", "construction", "ns", "multiple", "goal");
    for (size_t i = 0; i < COUNT_OF(constructions); i++) {
        const struct construction *row = &constructions[i];
        struct error err = {0};

        if (row->aes_bytes && !ff1_init(&bench.ff1, bench.key.aes, row->aes_bytes, &err))
            return 1;
        const double ns = measure(&bench, row);
        if (row->aes_bytes)
            ff1_release(&bench.ff1);
        base = i == 0 ? ns : base;
        const double multiple = ns / base, goal = row->goal_ns / SHORTHASH_NS;
        printf("%-44s %8.1f %9.2f %9.2f%s\n", row->need, ns, multiple, goal,
               multiple <= goal * ALLOWED ? "" : "   over 1.5 of it");
    }
    keyring_free(bench.keyring);
    arena_free(bench.arena);
    return bench.sum == 1;
}
