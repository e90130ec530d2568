/* FF1 (NIST SP 800-38G revision 1): format-preserving encryption of strings over an alphabet, with
 * AES by libcrypto. Values go through in batches, so that AES runs interleaved. */
#ifndef UNDERSTUDY_TRANSFORM_FF1_H
#define UNDERSTUDY_TRANSFORM_FF1_H

#include "base/common.h"
#include "base/error.h"

#define FF1_DOMAIN_MIN  1000000u /* fewer strings than this are never encrypted */
#define FF1_SYMBOLS_MAX 36u
#define FF1_TWEAK_MAX   16u

struct ff1 {
    void *cipher; /* EVP_CIPHER_CTX, owned */
};

struct ff1_value {
    uint8_t symbols[FF1_SYMBOLS_MAX]; /* each below the radix; rewritten in place */
    uint8_t length;
    uint8_t tweak_length;
    uint8_t tweak[FF1_TWEAK_MAX];
};

/* Key of 16, 24 or 32 bytes. For one thread; release with ff1_release. */
bool ff1_init(struct ff1 *ff1, const uint8_t *key, size_t key_bytes, struct error *err);
void ff1_release(struct ff1 *ff1);
/* True when radix^length is at least FF1_DOMAIN_MIN and each half fits 63 bits. */
bool ff1_accepts(unsigned radix, size_t length);
bool ff1_encrypt(const struct ff1 *ff1, unsigned radix, struct ff1_value *values, size_t count,
                 struct error *err);

#endif
