/* The seal on a swap's journal: whoever may write into the schema that is filled is not therefore
 * one whose statements the next run sends. A BLAKE2b under a key of the profile's, over everything
 * that the journal says, the schema it stands in and the step it is at. */
#include "stage/my_stage.h"

#include "transform/keys.h"
#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(((struct domain_key *)0)->aes) == crypto_generichash_KEYBYTES,
               "the key of a seal is one of BLAKE2b");
_Static_assert(MY_SEAL_BYTES == 2 * crypto_generichash_BYTES + 1, "a seal is written in hex");

/* With its length in front, so that no two journals are the same bytes. */
static void add_bytes(crypto_generichash_state *state, const char *bytes, size_t len)
{
    uint64_t length = bytes ? len : UINT64_MAX;

    (void)crypto_generichash_update(state, (const unsigned char *)&length, sizeof(length));
    if (bytes)
        (void)crypto_generichash_update(state, (const unsigned char *)bytes, len);
}

static void add_text(crypto_generichash_state *state, const char *text)
{
    add_bytes(state, text, text ? strlen(text) : 0);
}

static void add_number(crypto_generichash_state *state, uint64_t number)
{
    (void)crypto_generichash_update(state, (const unsigned char *)&number, sizeof(number));
}

/* Those that are gone are not in the journal. */
static void add_programs(crypto_generichash_state *state, const struct my_programs *programs)
{
    add_text(state, "programs");
    for (size_t i = 0; i < programs->count; i++) {
        const struct my_program *program = &programs->programs[i];

        if (program->is_gone)
            continue;
        add_number(state, program->kind);
        add_text(state, program->name);
        add_bytes(state, program->sql.ptr, program->sql.len);
        add_text(state, program->client);
        add_text(state, program->collation);
        add_text(state, program->mode);
        add_text(state, program->zone);
    }
}

void my_seal(const struct keyring *keyring, const struct my_journal *journal, int64_t step,
             char seal[MY_SEAL_BYTES])
{
    const char *const head[] = {journal->schema,   journal->old_schema, journal->mark,
                                journal->old_mark, journal->charset,    journal->collation};
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash_state state;
    struct domain_key key;

    assert(keyring && journal->schema && journal->mark && step >= 0);
    keyring_derive_fixed(keyring, "journal", journal->schema, &key);
    (void)crypto_generichash_init(&state, key.aes, sizeof(key.aes), sizeof(hash));
    sodium_memzero(&key, sizeof(key));
    add_number(&state, (uint64_t)step);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        add_text(&state, head[i]);
    add_programs(&state, &journal->old);
    add_programs(&state, &journal->new);
    add_text(&state, "changes");
    for (size_t i = 0; i < journal->change_count; i++)
        add_text(&state, journal->changes[i]);
    (void)crypto_generichash_final(&state, hash, sizeof(hash));
    sodium_memzero(&state, sizeof(state));
    sodium_bin2hex(seal, MY_SEAL_BYTES, hash, sizeof(hash));
}

bool my_seal_holds(const struct keyring *keyring, const struct my_journal *journal)
{
    char seal[MY_SEAL_BYTES];

    if (!journal->seal || strlen(journal->seal) != MY_SEAL_BYTES - 1 || journal->step < 0)
        return false;
    my_seal(keyring, journal, journal->step, seal);
    return sodium_memcmp(seal, journal->seal, MY_SEAL_BYTES - 1) == 0;
}
