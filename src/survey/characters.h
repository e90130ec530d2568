/* What kinds of characters a text holds: the classes that programs stumble over, as bits. A pure
 * function of the bytes; plain ASCII takes a nanosecond a byte, its shape included. */
#ifndef UNDERSTUDY_SURVEY_CHARACTERS_H
#define UNDERSTUDY_SURVEY_CHARACTERS_H

#include "base/common.h"
#include "base/span.h"

#define CHARACTERS_LOWER     0x00000001u /* a-z */
#define CHARACTERS_UPPER     0x00000002u /* A-Z */
#define CHARACTERS_DIGIT     0x00000004u
#define CHARACTERS_BLANK     0x00000008u /* the space */
#define CHARACTERS_SIGN      0x00000010u /* other printable ASCII */
#define CHARACTERS_QUOTE     0x00000020u /* ' " ` */
#define CHARACTERS_CONTROL   0x00000040u /* but LINE */
#define CHARACTERS_WIDE      0x00000080u /* anything that is no ASCII */
#define CHARACTERS_BACKSLASH 0x00000100u
#define CHARACTERS_SEMICOLON 0x00000200u
#define CHARACTERS_LINE      0x00000400u /* line feed, carriage return, tab */
#define CHARACTERS_LEADING   0x00000800u /* begins with white space of any kind */
#define CHARACTERS_TRAILING  0x00001000u
/* Beyond ASCII: */
#define CHARACTERS_LATIN     0x00002000u /* letters with accents, one code point each */
#define CHARACTERS_ALPHABET  0x00004000u /* Greek, Cyrillic, Armenian, Georgian */
#define CHARACTERS_RTL       0x00008000u /* Hebrew, Arabic and others written right to left */
#define CHARACTERS_BRAHMIC   0x00010000u /* Devanagari, Thai and their relatives */
#define CHARACTERS_CJK       0x00020000u
#define CHARACTERS_COMBINING 0x00040000u /* marks that stand on the letter before */
#define CHARACTERS_STACKED   0x00080000u /* four of them or more; then not COMBINING */
#define CHARACTERS_FORMAT                                                                          \
    0x00100000u /* no width: direction marks, soft hyphens, joiners outside of emoji */
#define CHARACTERS_EMOJI   0x00200000u
#define CHARACTERS_ASTRAL  0x00400000u /* beyond U+FFFF, and none of the above */
#define CHARACTERS_TYPE    0x00800000u /* typographic signs: dashes, quotes, currency */
#define CHARACTERS_PRIVATE 0x01000000u /* private use, U+FFFD, no characters */
#define CHARACTERS_SPACE   0x02000000u /* blanks that are no ASCII: no-break, ideographic */
#define CHARACTERS_OTHER   0x04000000u /* other scripts */
#define CHARACTERS_INVALID 0x08000000u /* bytes that are no UTF-8 */

#define CHARACTERS_LETTERS                                                                         \
    (CHARACTERS_LATIN | CHARACTERS_ALPHABET | CHARACTERS_RTL | CHARACTERS_BRAHMIC | CHARACTERS_CJK)

unsigned characters_read(struct span text);

/* The shape: each letter `a` or `A`, each digit `9`, bytes beyond ASCII `u`, control characters
 * `c`, other signs themselves, and runs of one kind written once: "Ann-Lee 17" is "Aa-Aa 9".
 * Writes at most text.len bytes; returns how many. */
uint32_t characters_shape(struct span text, char *shape);

#endif
