/* mac: hardware addresses (IEEE 802, 48 and 64 bits), all bits exchanged but the two that say
 * whether one device or a group is meant and who assigned the address. */
#include "transform/exchange.h"
#include "transform/feistel.h"
#include "transform/params.h"
#include "value/network.h"

#include <string.h>

enum { NARROW = 6, WIDE = MAC_BYTES_MAX, TEXT_MAX = 3 * WIDE - 1 };

struct mac_params {
    bool is_exact; /* distinct spellings must stay distinct too */
};

struct mac {
    uint8_t bytes[WIDE];
    unsigned count;
    bool is_upper; /* written with capitals */
};

static bool mac_prepare(const struct transform_site *site, const struct yaml_node *params,
                        struct arena *arena, struct prepared_transform *prepared, struct error *err)
{
    struct mac_params *made = ARENA_NEW(arena, struct mac_params);

    UNUSED(params);
    if (!made)
        return error_memory(err);
    made->is_exact = site_is_unique(site) && site->type->kind == KIND_TEXT;
    prepared->params = made;
    return true;
}

static int nibble_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Groups of 2, 4 or 6 digits between one kind of separator, or none. */
static bool groups_are_even(struct span text, unsigned digits)
{
    unsigned group = 0, width = 0;
    char separator = '\0';

    for (uint32_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];

        if (nibble_of(c) >= 0) {
            group++;
            continue;
        }
        if ((c != ':' && c != '-' && c != '.') || (separator && c != separator) || group == 0 ||
            (width && group != width))
            return false;
        separator = c;
        width = group;
        group = 0;
    }
    return width == 0 ? group == digits
                      : group == width && (width == 2 || width == 4 || width == 6);
}

static bool mac_read(struct span text, struct mac *mac)
{
    unsigned digits = 0;
    bool has_lower = false;

    memset(mac, 0, sizeof(*mac));
    for (uint32_t i = 0; i < text.len && i <= TEXT_MAX; i++) {
        const int nibble = nibble_of(text.ptr[i]);

        if (nibble < 0)
            continue;
        if (digits == 2 * WIDE)
            return false;
        mac->is_upper |= text.ptr[i] >= 'A' && text.ptr[i] <= 'F';
        has_lower |= text.ptr[i] >= 'a';
        mac->bytes[digits / 2] = (uint8_t)(mac->bytes[digits / 2] << 4 | nibble);
        digits++;
    }
    mac->count = digits / 2;
    return text.len <= TEXT_MAX && (digits == 2 * NARROW || digits == 2 * WIDE) &&
           !(mac->is_upper && has_lower) && groups_are_even(text, digits);
}

static bool is_mac(const void *context, struct span text)
{
    struct mac mac;

    UNUSED(context);
    return mac_read(text, &mac);
}

static bool bytes_are(const struct mac *mac, uint8_t byte)
{
    for (unsigned i = 0; i < mac->count; i++) {
        if (mac->bytes[i] != byte)
            return false;
    }
    return true;
}

static bool has_letters(const struct mac *mac)
{
    for (unsigned i = 0; i < mac->count; i++) {
        if (mac->bytes[i] >= 0xa0 || (mac->bytes[i] & 15) >= 10)
            return true;
    }
    return false;
}

/* All zeros and all ones mean no device and every device. */
static bool is_special(const struct mac *mac)
{
    return bytes_are(mac, 0) || bytes_are(mac, 0xff);
}

static void bits_move(const struct sipkey *key, struct mac *mac)
{
    const unsigned bits = 8 * mac->count - 2, kept = mac->bytes[0] & 3u;
    struct feistel feistel;
    uint64_t number = mac->bytes[0] >> 2;

    feistel_init(&feistel, UINT64_C(1) << bits);
    for (unsigned i = 1; i < mac->count; i++)
        number = number << 8 | mac->bytes[i];
    number = feistel_apply(&feistel, key, (uint64_t)mac->count << 2 | kept, number);
    for (unsigned i = mac->count; i-- > 1; number >>= 8)
        mac->bytes[i] = (uint8_t)number;
    mac->bytes[0] = (uint8_t)(number << 2 | kept);
}

static bool is_widened(const struct mac *mac)
{
    return mac->count == WIDE && mac->bytes[3] == 0xff && mac->bytes[4] == 0xfe;
}

/* 8 bytes that stand for 6 go with these, and the others stay what they are. */
static void mac_move(const struct sipkey *key, struct mac *mac)
{
    const bool was_widened = is_widened(mac);

    assert(mac->count == NARROW || mac->count == WIDE);
    if (was_widened) {
        memmove(mac->bytes + 3, mac->bytes + 5, 3);
        mac->count = NARROW;
    }
    do {
        bits_move(key, mac);
    } while (is_special(mac) || is_widened(mac));
    if (was_widened) {
        memmove(mac->bytes + 5, mac->bytes + 3, 3);
        mac->bytes[3] = 0xff;
        mac->bytes[4] = 0xfe;
        mac->count = WIDE;
    }
}

static void mac_write(const struct mac *mac, char *text, uint32_t len)
{
    const char *digits = mac->is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned at = 0;

    for (uint32_t i = 0; i < len; i++) {
        if (nibble_of(text[i]) < 0)
            continue;
        text[i] = digits[mac->bytes[at / 2] >> (at % 2 == 0 ? 4 : 0) & 15];
        at++;
    }
    assert(at == 2 * mac->count);
}

static bool bytes_value(const struct transform_call *call, struct value *value, struct error *err)
{
    struct mac mac = {.count = value->bytes.len};

    assert(mac.count == NARROW || mac.count == WIDE);
    memcpy(mac.bytes, value->bytes.ptr, mac.count);
    if (is_special(&mac))
        ++*call->unchanged;
    else
        mac_move(&call->key->sip, &mac);
    return value_set_bytes(value, mac.bytes, mac.count, call->arena, err);
}

/* Where distinct texts must stay distinct, capitals must show: what is written without any letter
 * counts as written in small ones. */
static bool text_value(const struct transform_call *call, struct value *value, struct error *err)
{
    const struct mac_params *params = call->params;
    struct mac mac;

    if (!mac_read(value->bytes, &mac))
        return value_scramble(call, value, is_mac, NULL, err);
    if (is_special(&mac)) {
        ++*call->unchanged;
        return true;
    }
    do {
        mac_move(&call->key->sip, &mac);
    } while (params->is_exact && mac.is_upper && !has_letters(&mac));

    char *text = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);

    if (!text)
        return error_memory(err);
    mac_write(&mac, text, value->bytes.len);
    value->bytes.ptr = text;
    return true;
}

static bool mac_apply(const struct transform_call *call, struct value *values, uint32_t count,
                      struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        if (call->type->kind == KIND_TEXT ? !text_value(call, &values[i], err)
                                          : !bytes_value(call, &values[i], err))
            return false;
    }
    return true;
}

const struct transform transform_mac = {
    .name = "mac",
    .accepts = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_MAC),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "hardware addresses, each to another of its kind",
    .example = "hardware_address: mac",
    .guarantee = "One to one. The two bits that tell a device from a group and an address of the "
                 "maker's from one of the user's stay, and so do separators and case. All zeros "
                 "and all ones stay. The result may be some device's. What is no address is "
                 "scrambled.",
    .prepare = mac_prepare,
    .apply = mac_apply,
};
