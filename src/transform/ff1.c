/* FF1 over short strings: both halves are 64-bit numbers, and one round of up to 64 values is one
 * or two calls of the cipher. The names u, v, b, d, P, Q, R are the standard's. */
#include "transform/ff1.h"

#include "transform/seed.h"

#include <endian.h>
#include <openssl/evp.h>
#include <string.h>

enum { LANES = 64, BLOCK = 16, Q_MAX = 2 * BLOCK, ROUNDS = 10 };

struct lane {
    uint64_t a, b;             /* NUM of both halves */
    uint64_t power_u, power_v; /* radix^u, radix^v */
    uint8_t half_bytes, s_bytes, q_blocks, q_pad;
    uint8_t p[BLOCK]; /* the enciphered P */
    uint8_t r[BLOCK];
};

bool ff1_init(struct ff1 *ff1, const uint8_t *key, size_t key_bytes, struct error *err)
{
    const EVP_CIPHER *cipher = key_bytes == 32   ? EVP_aes_256_ecb()
                               : key_bytes == 24 ? EVP_aes_192_ecb()
                                                 : EVP_aes_128_ecb();
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

    assert(key_bytes == 16 || key_bytes == 24 || key_bytes == 32);
    ff1->cipher = context;
    if (!context)
        return error_memory(err);
    if (EVP_EncryptInit_ex(context, cipher, NULL, key, NULL) != 1) {
        ff1_release(ff1);
        return error_set(err, STATUS_LOCAL, "libcrypto offers no AES");
    }
    EVP_CIPHER_CTX_set_padding(context, 0);
    return true;
}

void ff1_release(struct ff1 *ff1)
{
    EVP_CIPHER_CTX_free(ff1->cipher);
    ff1->cipher = NULL;
}

bool ff1_accepts(unsigned radix, size_t length)
{
    uwide half = 1;

    assert(radix >= 2 && radix <= 256);
    if (length < 2 || length > FF1_SYMBOLS_MAX)
        return false;
    for (size_t i = 0; i < length - length / 2; i++) {
        half *= radix;
        if (half >> 63)
            return false;
    }
    for (size_t i = 0; i < length / 2 && half < FF1_DOMAIN_MIN; i++)
        half *= radix;
    return half >= FF1_DOMAIN_MIN;
}

static uint64_t symbols_read(const uint8_t *symbols, size_t count, unsigned radix, uint64_t *power)
{
    uint64_t number = 0;

    *power = 1;
    for (size_t i = 0; i < count; i++) {
        assert(symbols[i] < radix);
        number = number * radix + symbols[i];
        *power *= radix;
    }
    return number;
}

static void symbols_write(uint8_t *symbols, size_t count, unsigned radix, uint64_t number)
{
    while (count-- > 0) {
        symbols[count] = (uint8_t)(number % radix);
        number /= radix;
    }
}

static void lane_start(struct lane *lane, const struct ff1_value *value, unsigned radix,
                       uint8_t block[BLOCK])
{
    const unsigned n = value->length, t = value->tweak_length, u = n / 2;
    const uint8_t p[BLOCK] = {1,
                              2,
                              1,
                              0,
                              (uint8_t)(radix >> 8),
                              (uint8_t)radix,
                              10,
                              (uint8_t)u,
                              0,
                              0,
                              0,
                              (uint8_t)n,
                              0,
                              0,
                              0,
                              (uint8_t)t};
    unsigned bits = 0;

    lane->a = symbols_read(value->symbols, u, radix, &lane->power_u);
    lane->b = symbols_read(value->symbols + u, n - u, radix, &lane->power_v);
    for (uint64_t last = lane->power_v - 1; last > 0; last >>= 1)
        bits++;
    lane->half_bytes = (uint8_t)((bits + 7) / 8);
    lane->s_bytes = (uint8_t)(4 * ((lane->half_bytes + 3) / 4) + 4);
    lane->q_blocks = (uint8_t)((t + 1 + lane->half_bytes + BLOCK - 1) / BLOCK);
    lane->q_pad = (uint8_t)(lane->q_blocks * BLOCK - (t + 1 + lane->half_bytes));
    assert(lane->q_blocks * BLOCK <= Q_MAX && lane->s_bytes <= BLOCK);
    memcpy(block, p, BLOCK);
}

static void lane_q(const struct lane *lane, const struct ff1_value *value, unsigned number,
                   uint8_t q[Q_MAX])
{
    const size_t len = (size_t)lane->q_blocks * BLOCK;
    uint64_t b = lane->b;

    memset(q, 0, Q_MAX);
    memcpy(q, value->tweak, value->tweak_length);
    q[value->tweak_length + lane->q_pad] = (uint8_t)number;
    for (size_t i = 0; i < lane->half_bytes; i++, b >>= 8)
        q[len - 1 - i] = (uint8_t)b;
}

static bool blocks_encrypt(const struct ff1 *ff1, uint8_t *blocks, size_t count, struct error *err)
{
    int written = 0;

    if (count == 0)
        return true;
    if (EVP_EncryptUpdate(ff1->cipher, blocks, &written, blocks, (int)(count * BLOCK)) != 1 ||
        (size_t)written != count * BLOCK)
        return error_set(err, STATUS_LOCAL, "libcrypto failed to encrypt");
    return true;
}

/* r of all lanes: CBC-MAC over P (already enciphered) and Q. */
static bool lanes_mac(const struct ff1 *ff1, struct lane *lanes, uint8_t q[][Q_MAX], size_t count,
                      struct error *err)
{
    uint8_t blocks[LANES * BLOCK];

    for (size_t i = 0; i < count; i++)
        memcpy(lanes[i].r, lanes[i].p, BLOCK);
    for (unsigned at = 0; at < Q_MAX / BLOCK; at++) {
        size_t used = 0, back = 0;

        for (size_t i = 0; i < count; i++) {
            if (at >= lanes[i].q_blocks)
                continue;
            for (size_t j = 0; j < BLOCK; j++)
                blocks[used * BLOCK + j] = lanes[i].r[j] ^ q[i][at * BLOCK + j];
            used++;
        }
        if (!blocks_encrypt(ff1, blocks, used, err))
            return false;
        for (size_t i = 0; i < count; i++) {
            if (at < lanes[i].q_blocks)
                memcpy(lanes[i].r, blocks + BLOCK * back++, BLOCK);
        }
    }
    return true;
}

static uint64_t word_read(const uint8_t bytes[8])
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return be64toh(word);
}

/* NUM(S) modulo a half's power: S is 8 bytes where the half takes at most 4, else 12 or 16; those
 * divide by 128 bits. */
static uint64_t lane_rest(const struct lane *lane, uint64_t modulus)
{
    const uint64_t high = word_read(lane->r);

    if (lane->s_bytes == 8)
        return high % modulus;
    const uwide y = (uwide)high << 64 | word_read(lane->r + 8);
    return (uint64_t)((y >> 8 * (BLOCK - lane->s_bytes)) % modulus);
}

static void lane_round(struct lane *lane, unsigned number)
{
    const uint64_t modulus = number % 2 == 0 ? lane->power_u : lane->power_v;
    const uint64_t sum = lane->a + lane_rest(lane, modulus);

    lane->a = lane->b;
    lane->b = sum >= modulus ? sum - modulus : sum;
}

static bool chunk_encrypt(const struct ff1 *ff1, unsigned radix, struct ff1_value *values,
                          size_t count, struct error *err)
{
    struct lane lanes[LANES];
    uint8_t q[LANES][Q_MAX], blocks[LANES * BLOCK];

    for (size_t i = 0; i < count; i++)
        lane_start(&lanes[i], &values[i], radix, blocks + i * BLOCK);
    if (!blocks_encrypt(ff1, blocks, count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        memcpy(lanes[i].p, blocks + i * BLOCK, BLOCK);
    for (unsigned number = 0; number < ROUNDS; number++) {
        for (size_t i = 0; i < count; i++)
            lane_q(&lanes[i], &values[i], number, q[i]);
        if (!lanes_mac(ff1, lanes, q, count, err))
            return false;
        for (size_t i = 0; i < count; i++)
            lane_round(&lanes[i], number);
    }
    for (size_t i = 0; i < count; i++) {
        const size_t u = values[i].length / 2;

        symbols_write(values[i].symbols, u, radix, lanes[i].a);
        symbols_write(values[i].symbols + u, values[i].length - u, radix, lanes[i].b);
    }
    return true;
}

bool ff1_encrypt(const struct ff1 *ff1, unsigned radix, struct ff1_value *values, size_t count,
                 struct error *err)
{
    assert(ff1->cipher && radix >= 2 && radix <= 256);
    for (size_t i = 0; i < count; i++)
        assert(ff1_accepts(radix, values[i].length) && values[i].tweak_length <= FF1_TWEAK_MAX);
    for (size_t done = 0; done < count; done += LANES) {
        size_t left = count - done;

        if (!chunk_encrypt(ff1, radix, values + done, left < LANES ? left : LANES, err))
            return false;
    }
    return true;
}
