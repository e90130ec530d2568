/* A Feistel network on strings of bits: two halves as equal as they can be, each in turn added to
 * a hash of the other. */
#include "transform/bits.h"

#include "transform/seed.h"
#include "value/network.h"

enum { ROUNDS = 10 };

static uint64_t bits_read(const uint8_t *bytes, unsigned first, unsigned count)
{
    uint64_t word = 0;

    for (unsigned bit = first; bit < first + count; bit++)
        word = word << 1 | (bytes[bit / 8] >> (7 - bit % 8) & 1);
    return word;
}

static void bits_write(uint8_t *bytes, unsigned first, unsigned count, uint64_t word)
{
    for (unsigned bit = first + count; bit-- > first; word >>= 1) {
        const uint8_t mask = (uint8_t)(1u << (7 - bit % 8));

        bytes[bit / 8] = (uint8_t)(word & 1 ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    }
}

static uint64_t mask_of(unsigned count)
{
    assert(count <= 64);
    return count == 0 ? 0 : UINT64_MAX >> (64 - count);
}

void bits_permute(const struct sipkey *key, uint64_t level, unsigned first, unsigned count,
                  uint8_t *bytes)
{
    const unsigned left_count = count / 2, right_count = count - left_count;
    uint64_t left, right;

    assert(count <= BITS_MAX);
    left = bits_read(bytes, first, left_count);
    right = bits_read(bytes, first + left_count, right_count);
    for (uint64_t round = 0; round < ROUNDS; round += 2) {
        uint64_t words[3] = {round << 8 | PURPOSE_BITS, level << 8 | count, right};

        left ^= siphash_words(key, words, 3) & mask_of(left_count);
        words[0] = (round + 1) << 8 | PURPOSE_BITS;
        words[2] = left;
        right ^= siphash_words(key, words, 3) & mask_of(right_count);
    }
    bits_write(bytes, first, left_count, left);
    bits_write(bytes, first + left_count, right_count, right);
}

static bool bits_are_zero(const uint8_t *bytes, unsigned first, unsigned count)
{
    for (unsigned bit = first; bit < first + count; bit++)
        if (bytes[bit / 8] >> (7 - bit % 8) & 1)
            return false;
    return true;
}

enum { LEVEL_PREFIX, LEVEL_HOST, LEVEL_MAC };

bool inet_permute(const struct sipkey *key, char *bytes)
{
    const bool is_ipv6 = bytes[0] == NETWORK_IPV6;
    const unsigned prefix = (unsigned char)bytes[1], all = is_ipv6 ? 128 : 32;
    uint8_t *address = (uint8_t *)bytes + NETWORK_HEAD;
    const bool has_host = !bits_are_zero(address, prefix, all - prefix);
    const uint64_t family = (uint64_t)(unsigned char)bytes[0] << 8;

    assert(prefix <= all);
    bits_permute(key, family | LEVEL_PREFIX, 0, prefix, address);
    if (!has_host)
        return prefix > 0;
    do {
        bits_permute(key, family | LEVEL_HOST, prefix, all - prefix, address);
    } while (bits_are_zero(address, prefix, all - prefix));
    return true;
}

static bool mac_is_widened(const char *bytes)
{
    return memcmp(bytes + 3, "\xff\xfe", 2) == 0;
}

void mac_permute(const struct sipkey *key, char *bytes, size_t count)
{
    uint8_t narrow[6];

    assert(count == sizeof(narrow) || count == MAC_BYTES_MAX);
    if (count == sizeof(narrow)) {
        bits_permute(key, LEVEL_MAC, 0, 48, (uint8_t *)bytes);
        return;
    }
    if (mac_is_widened(bytes)) {
        memcpy(narrow, bytes, 3);
        memcpy(narrow + 3, bytes + 5, 3);
        bits_permute(key, LEVEL_MAC, 0, 48, narrow);
        mac_widen(span_make(narrow, sizeof(narrow)), bytes);
        return;
    }
    do {
        bits_permute(key, LEVEL_MAC, 0, 64, (uint8_t *)bytes);
    } while (mac_is_widened(bytes));
}
