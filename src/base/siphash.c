/* SipHash-2-4 of any bytes. */
#include "base/siphash.h"

static uint64_t word_read(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 7; i >= 0; i--)
        word = word << 8 | bytes[i];
    return word;
}

struct sipkey sipkey_read(const uint8_t bytes[16])
{
    return (struct sipkey){.k0 = word_read(bytes), .k1 = word_read(bytes + 8)};
}

uint64_t siphash(const struct sipkey *key, const void *bytes, size_t len)
{
    assert(key);
    assert(bytes || len == 0);
    struct sipstate state = sip_start(key);
    const uint8_t *byte = bytes;
    uint64_t last = (uint64_t)len << 56;

    for (size_t rest = len / 8; rest > 0; rest--) {
        sip_word(&state, word_read(byte));
        byte += 8;
    }
    for (size_t i = 0; i < len % 8; i++)
        last |= (uint64_t)byte[i] << 8 * i;
    sip_word(&state, last);
    return sip_end(&state);
}
