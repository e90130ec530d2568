/* Keys of the transforms (transforms.md section 1): the master key in locked memory, domain keys
 * derived with BLAKE2b, and the fingerprint that reports carry. */
#ifndef UNDERSTUDY_TRANSFORM_KEYS_H
#define UNDERSTUDY_TRANSFORM_KEYS_H

#include "base/error.h"
#include "base/siphash.h"

struct keyring; /* the master key and the epoch; lives in sodium memory */

/* Takes the key (sodium_malloc memory of 32 bytes) over. */
bool keyring_new(uint8_t *master, int64_t epoch, struct keyring **keyring, struct error *err);
void keyring_free(struct keyring *keyring);

struct domain_key {
    struct sipkey sip;
    uint8_t aes[32];
    struct sipkey table; /* for keyed permutation tables */
};

/* BLAKE2b(key = master, personal "understudy-v1", salt = epoch,
 * message = rule 0x00 domain 0x00 parameters), 64 bytes: 16 SipHash, 32 AES-256, 16 table. */
void keyring_derive(const struct keyring *keyring, const char *rule, const char *domain,
                    struct span parameters, struct domain_key *key);
/* The same key in guarded memory that is the keyring's own and goes with it. One thread. */
bool keyring_hold(const struct keyring *keyring, const char *rule, const char *domain,
                  struct span parameters, const struct domain_key **key, struct error *err);
/* Makes all held keys read-only. */
void keyring_seal(const struct keyring *keyring);
/* Without epoch: choosing rows, orders of rows, subjects' identities. */
void keyring_derive_fixed(const struct keyring *keyring, const char *purpose, const char *name,
                          struct domain_key *key);
/* 16 hex digits and NUL. Depends on the key only, not on the epoch. */
void keyring_fingerprint(const struct keyring *keyring, char text[17]);

#endif
