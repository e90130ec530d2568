/* Crypto-PAn: addresses under a key so that two of them share exactly as many leading bits as
 * before (Xu, Fan, Ammar, Moon: "Prefix-preserving IP address anonymization", ICNP 2002); for
 * IPv6 the same over 128 bits. It reveals the structure of networks by construction. */
#ifndef UNDERSTUDY_TRANSFORM_CRYPTOPAN_H
#define UNDERSTUDY_TRANSFORM_CRYPTOPAN_H

#include "base/common.h"
#include "base/error.h"

struct cryptopan {
    void *cipher; /* EVP_CIPHER_CTX, owned */
    uint8_t pad[16];
};

/* 16 bytes of AES-128 key, 16 of padding, which is enciphered first. For one thread; release with
 * cryptopan_release. */
bool cryptopan_init(struct cryptopan *pan, const uint8_t key[32], struct error *err);
void cryptopan_release(struct cryptopan *pan);
/* `bits` (32 or 128) in network order, rewritten in place. */
bool cryptopan_apply(const struct cryptopan *pan, uint8_t *address, unsigned bits,
                     struct error *err);

#endif
