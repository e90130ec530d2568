/* Internet and hardware addresses as struct value holds them, and as PostgreSQL prints them.
 *
 *     inet, cidr          family (NETWORK_IPV4 or NETWORK_IPV6), bits of the prefix, then the 4 or
 *                         16 bytes of the address
 *     macaddr, macaddr8   6 or 8 bytes */
#ifndef UNDERSTUDY_VALUE_NETWORK_H
#define UNDERSTUDY_VALUE_NETWORK_H

#include "base/common.h"
#include "base/span.h"

#define NETWORK_IPV4      2
#define NETWORK_IPV6      3
#define NETWORK_HEAD      2 /* family and bits stand before the address */
#define NETWORK_BYTES_MAX 18
#define NETWORK_TEXT_SIZE 64
#define MAC_BYTES_MAX     8

/* The family is known, the length is that of its addresses, and the prefix is no longer than them.
 * `is_network` (cidr): nothing but zeros stands behind the prefix. */
bool inet_is_well(struct span bytes, bool is_network);

/* From "192.0.2.1/24" or "2001:db8::1", with or without the prefix: all bits where there is none.
 * *bytes is a span of `room`. False: it is no such address. */
bool inet_parse(struct span text, char room[NETWORK_BYTES_MAX], struct span *bytes);

/* As the server prints it; the prefix is left out of an inet that is one host. `bytes` is well. */
size_t inet_format(struct span bytes, bool is_network, char text[NETWORK_TEXT_SIZE]);

/* From "08:00:2b:01:02:03", of `count` bytes. */
bool mac_parse(struct span text, size_t count, char bytes[MAC_BYTES_MAX]);
size_t mac_format(struct span bytes, char text[NETWORK_TEXT_SIZE]);

/* The 8 bytes that the server takes a macaddr for beside a macaddr8: ff fe in the middle. */
void mac_widen(struct span bytes, char wide[MAC_BYTES_MAX]);

#endif
