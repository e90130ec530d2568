/* Keys: BLAKE2b over the master key in libsodium's guarded memory. */
#include "transform/keys.h"

#include <sodium.h>
#include <string.h>

enum { PAGE_BYTES = 4096 };

/* Held keys, a page of them at a time; the page that still has room comes first. */
struct key_page {
    struct key_page *before;
    size_t count;
    bool is_sealed;
    struct domain_key keys[(PAGE_BYTES - 32) / sizeof(struct domain_key)];
};

_Static_assert(sizeof(struct key_page) <= PAGE_BYTES, "a page of keys is a page of memory");

enum { MASTER_BYTES = 32, SALT_BYTES = crypto_generichash_blake2b_SALTBYTES };

struct keyring {
    uint8_t master[MASTER_BYTES];
    int64_t epoch;
    struct key_page **held; /* apart, for this struct becomes read-only */
};

static const uint8_t personal[crypto_generichash_blake2b_PERSONALBYTES] = "understudy-v1";

bool keyring_new(uint8_t *master, int64_t epoch, struct keyring **keyring, struct error *err)
{
    assert(master && keyring && err);
    if (sodium_init() < 0)
        return error_set(err, STATUS_LOCAL, "libsodium does not start");

    struct keyring *made = sodium_malloc(sizeof(*made));
    struct key_page **held = sodium_malloc(sizeof(*held));

    if (!made || !held) {
        sodium_free(made);
        sodium_free(held);
        return error_memory(err);
    }
    *held = NULL;
    made->held = held;
    memcpy(made->master, master, MASTER_BYTES);
    made->epoch = epoch;
    sodium_free(master);
    if (sodium_mprotect_readonly(made) != 0) {
        keyring_free(made);
        return error_set(err, STATUS_LOCAL, "memory of the key cannot be protected");
    }
    *keyring = made;
    return true;
}

void keyring_free(struct keyring *keyring)
{
    if (!keyring)
        return;
    for (struct key_page *page = *keyring->held, *before; page; page = before) {
        before = page->before;
        sodium_free(page);
    }
    sodium_free(keyring->held);
    sodium_free(keyring);
}

/* The first page, with room for one key more; NULL: out of memory. */
static struct key_page *page_find(const struct keyring *keyring)
{
    struct key_page *page = *keyring->held;

    if (page && !page->is_sealed && page->count < COUNT_OF(page->keys))
        return page;
    page = sodium_malloc(sizeof(*page));
    if (!page)
        return NULL;
    page->before = *keyring->held;
    page->count = 0;
    page->is_sealed = false;
    *keyring->held = page;
    return page;
}

bool keyring_hold(const struct keyring *keyring, const char *rule, const char *domain,
                  struct span parameters, const struct domain_key **key, struct error *err)
{
    struct key_page *page = page_find(keyring);

    assert(key && err);
    if (!page)
        return error_memory(err);
    keyring_derive(keyring, rule, domain, parameters, &page->keys[page->count]);
    *key = &page->keys[page->count++];
    return true;
}

void keyring_seal(const struct keyring *keyring)
{
    for (struct key_page *page = *keyring->held; page && !page->is_sealed; page = page->before) {
        page->is_sealed = true;
        (void)sodium_mprotect_readonly(page);
    }
}

/* What stands in the salt where no epoch belongs: no epoch has these upper eight bytes. */
static void salt_fixed(uint8_t salt[SALT_BYTES])
{
    memset(salt, 0xff, SALT_BYTES);
}

static void salt_epoch(uint8_t salt[SALT_BYTES], int64_t epoch)
{
    memset(salt, 0, SALT_BYTES);
    for (int i = 0; i < 8; i++)
        salt[i] = (uint8_t)((uint64_t)epoch >> (8 * i));
}

static void state_start(crypto_generichash_blake2b_state *state, const struct keyring *keyring,
                        const uint8_t *salt, size_t size)
{
    int failed = crypto_generichash_blake2b_init_salt_personal(state, keyring->master, MASTER_BYTES,
                                                               size, salt, personal);

    assert(failed == 0);
    UNUSED(failed);
}

static void state_add(crypto_generichash_blake2b_state *state, const void *bytes, size_t len)
{
    (void)crypto_generichash_blake2b_update(state, bytes, len);
}

static void key_split(uint8_t bytes[64], struct domain_key *key)
{
    key->sip = sipkey_read(bytes);
    memcpy(key->aes, bytes + 16, sizeof(key->aes));
    key->table = sipkey_read(bytes + 48);
    sodium_memzero(bytes, 64);
}

void keyring_derive(const struct keyring *keyring, const char *rule, const char *domain,
                    struct span parameters, struct domain_key *key)
{
    crypto_generichash_blake2b_state state;
    uint8_t salt[SALT_BYTES], bytes[64];

    assert(keyring && rule && domain && key);
    salt_epoch(salt, keyring->epoch);
    state_start(&state, keyring, salt, sizeof(bytes));
    state_add(&state, rule, strlen(rule) + 1);
    state_add(&state, domain, strlen(domain) + 1);
    if (parameters.len > 0)
        state_add(&state, parameters.ptr, parameters.len);
    (void)crypto_generichash_blake2b_final(&state, bytes, sizeof(bytes));
    sodium_memzero(&state, sizeof(state));
    key_split(bytes, key);
}

void keyring_derive_fixed(const struct keyring *keyring, const char *purpose, const char *name,
                          struct domain_key *key)
{
    crypto_generichash_blake2b_state state;
    uint8_t salt[SALT_BYTES], bytes[64];

    assert(keyring && purpose && name && key);
    salt_fixed(salt);
    state_start(&state, keyring, salt, sizeof(bytes));
    state_add(&state, purpose, strlen(purpose) + 1);
    state_add(&state, name, strlen(name) + 1);
    (void)crypto_generichash_blake2b_final(&state, bytes, sizeof(bytes));
    sodium_memzero(&state, sizeof(state));
    key_split(bytes, key);
}

void keyring_fingerprint(const struct keyring *keyring, char text[17])
{
    static const char word[] = "fingerprint";
    crypto_generichash_blake2b_state state;
    /* BLAKE2b gives no fewer than 16 bytes here; the report shows the first eight. */
    uint8_t salt[SALT_BYTES], bytes[16];

    assert(keyring && text);
    salt_fixed(salt);
    state_start(&state, keyring, salt, sizeof(bytes));
    state_add(&state, word, sizeof(word));
    (void)crypto_generichash_blake2b_final(&state, bytes, sizeof(bytes));
    sodium_memzero(&state, sizeof(state));
    sodium_bin2hex(text, 17, bytes, 8);
}
