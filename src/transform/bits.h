/* Keyed bijections of strings of bits, and of the addresses that are made of them. */
#ifndef UNDERSTUDY_TRANSFORM_BITS_H
#define UNDERSTUDY_TRANSFORM_BITS_H

#include "base/siphash.h"
#include "base/span.h"

#define BITS_MAX 128

/* Permutes the `count` bits from bit `first` on (0: the highest of the first byte); the others
 * stay. At most BITS_MAX. `level` separates permutations under one key. */
void bits_permute(const struct sipkey *key, uint64_t level, unsigned first, unsigned count,
                  uint8_t *bytes);

/* An internet address as struct value holds it, in place: the bits of the prefix and the bits
 * behind it apart, so that an inet and the cidr it equals go together; what is zero behind the
 * prefix stays so. False: there was no bit to change. */
bool inet_permute(const struct sipkey *key, char *bytes);

/* 6 or 8 bytes; those with ff fe in their middle go with the 6 that they stand for. */
void mac_permute(const struct sipkey *key, char *bytes, size_t count);

#endif
