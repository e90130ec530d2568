/* Crypto-PAn: each bit is flipped by a bit of AES over the bits before it. All blocks of one
 * address are one call of the cipher. */
#include "transform/cryptopan.h"

#include <openssl/evp.h>
#include <string.h>

enum { BLOCK = 16, BITS_MAX = 128 };

static bool blocks_encrypt(const struct cryptopan *pan, uint8_t *blocks, unsigned count,
                           struct error *err)
{
    int written = 0;

    if (EVP_EncryptUpdate(pan->cipher, blocks, &written, blocks, (int)(count * BLOCK)) != 1 ||
        written != (int)(count * BLOCK))
        return error_set(err, STATUS_LOCAL, "libcrypto failed to encrypt");
    return true;
}

bool cryptopan_init(struct cryptopan *pan, const uint8_t key[32], struct error *err)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

    assert(pan && key);
    pan->cipher = context;
    if (!context)
        return error_memory(err);
    if (EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), NULL, key, NULL) != 1) {
        cryptopan_release(pan);
        return error_set(err, STATUS_LOCAL, "libcrypto offers no AES");
    }
    EVP_CIPHER_CTX_set_padding(context, 0);
    memcpy(pan->pad, key + BLOCK, BLOCK);
    if (blocks_encrypt(pan, pan->pad, 1, err))
        return true;
    cryptopan_release(pan);
    return false;
}

void cryptopan_release(struct cryptopan *pan)
{
    EVP_CIPHER_CTX_free(pan->cipher);
    pan->cipher = NULL;
}

bool cryptopan_apply(const struct cryptopan *pan, uint8_t *address, unsigned bits,
                     struct error *err)
{
    uint8_t blocks[BITS_MAX * BLOCK];

    assert(pan->cipher && (bits == 32 || bits == BITS_MAX));
    for (unsigned i = 0; i < bits; i++) {
        uint8_t *block = blocks + (size_t)i * BLOCK;
        const uint8_t mask = (uint8_t)(0xff00u >> i % 8);

        memcpy(block, address, i / 8);
        memcpy(block + i / 8, pan->pad + i / 8, BLOCK - i / 8);
        if (i % 8 != 0)
            block[i / 8] = (uint8_t)((address[i / 8] & mask) | (pan->pad[i / 8] & (uint8_t)~mask));
    }
    if (!blocks_encrypt(pan, blocks, bits, err))
        return false;
    for (unsigned i = 0; i < bits; i++)
        address[i / 8] ^= (uint8_t)((blocks[(size_t)i * BLOCK] >> 7) << (7 - i % 8));
    return true;
}
