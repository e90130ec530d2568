/* Internet and hardware addresses, read strictly as the server prints them. */
#include "value/network.h"

#include <arpa/inet.h>
#include <stdio.h>

static size_t address_len(char family)
{
    return family == NETWORK_IPV4 ? 4 : family == NETWORK_IPV6 ? 16 : 0;
}

bool inet_is_well(struct span bytes, bool is_network)
{
    size_t len = bytes.len > NETWORK_HEAD ? address_len(bytes.ptr[0]) : 0;

    if (len == 0 || bytes.len != NETWORK_HEAD + len)
        return false;
    const size_t prefix = (unsigned char)bytes.ptr[1];
    const unsigned char *address = (const void *)(bytes.ptr + NETWORK_HEAD);

    if (prefix > len * 8)
        return false;
    for (size_t bit = prefix; is_network && bit < len * 8; bit++)
        if (address[bit / 8] >> (7 - bit % 8) & 1)
            return false;
    return true;
}

/* One to three digits, all of the text; at most `most`. */
static bool prefix_parse(struct span text, unsigned most, unsigned *prefix)
{
    *prefix = 0;
    if (text.len == 0 || text.len > 3)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *prefix = *prefix * 10 + (unsigned)(text.ptr[i] - '0');
    }
    return *prefix <= most;
}

bool inet_parse(struct span text, char room[NETWORK_BYTES_MAX], struct span *bytes)
{
    const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;
    const size_t len = slash ? (size_t)(slash - text.ptr) : text.len;
    const bool is_ipv6 = len > 0 && memchr(text.ptr, ':', len);
    char address[NETWORK_TEXT_SIZE];
    unsigned prefix = is_ipv6 ? 128 : 32;

    if (len >= sizeof(address) || (len > 0 && memchr(text.ptr, '\0', len)))
        return false;
    memcpy(address, text.len ? text.ptr : "", len);
    address[len] = '\0';
    if (slash && !prefix_parse(span_make(slash + 1, text.len - len - 1), prefix, &prefix))
        return false;
    room[0] = is_ipv6 ? NETWORK_IPV6 : NETWORK_IPV4;
    room[1] = (char)prefix;
    *bytes = span_make(room, NETWORK_HEAD + address_len(room[0]));
    return inet_pton(is_ipv6 ? AF_INET6 : AF_INET, address, room + NETWORK_HEAD) == 1;
}

/* The C library and the server compress the zeros of an IPv6 address alike. */
size_t inet_format(struct span bytes, bool is_network, char text[NETWORK_TEXT_SIZE])
{
    const bool is_ipv6 = bytes.ptr[0] == NETWORK_IPV6;
    const unsigned prefix = (unsigned char)bytes.ptr[1];
    size_t len;

    assert(inet_is_well(bytes, false));
    if (!inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, bytes.ptr + NETWORK_HEAD, text, NETWORK_TEXT_SIZE))
        assert(false);
    len = strlen(text);
    if (is_network || prefix != (is_ipv6 ? 128 : 32))
        len += (size_t)snprintf(text + len, NETWORK_TEXT_SIZE - len, "/%u", prefix);
    assert(len < NETWORK_TEXT_SIZE);
    return len;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mac_parse(struct span text, size_t count, char bytes[MAC_BYTES_MAX])
{
    assert(count == 6 || count == MAC_BYTES_MAX);
    if (text.len != count * 3 - 1)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *at = text.ptr + 3 * i;
        const int high = hex_value(at[0]), low = hex_value(at[1]);

        if (high < 0 || low < 0 || (i + 1 < count && at[2] != ':'))
            return false;
        bytes[i] = (char)(high << 4 | low);
    }
    return true;
}

size_t mac_format(struct span bytes, char text[NETWORK_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 0;

    assert(bytes.len == 6 || bytes.len == MAC_BYTES_MAX);
    for (uint32_t i = 0; i < bytes.len; i++) {
        const unsigned char byte = (unsigned char)bytes.ptr[i];

        if (i > 0)
            text[len++] = ':';
        text[len++] = digits[byte >> 4];
        text[len++] = digits[byte & 15];
    }
    text[len] = '\0';
    return len;
}

void mac_widen(struct span bytes, char wide[MAC_BYTES_MAX])
{
    assert(bytes.len == 6 || bytes.len == MAC_BYTES_MAX);
    if (bytes.len == MAC_BYTES_MAX) {
        memcpy(wide, bytes.ptr, MAC_BYTES_MAX);
        return;
    }
    memcpy(wide, bytes.ptr, 3);
    memcpy(wide + 3, "\xff\xfe", 2);
    memcpy(wide + 5, bytes.ptr + 3, 3);
}
