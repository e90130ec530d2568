/* The dictionaries compiled in: which names of a kind may stand for a word. */
#ifndef UNDERSTUDY_TRANSFORM_NAMES_DICTIONARY_H
#define UNDERSTUDY_TRANSFORM_NAMES_DICTIONARY_H

#include "transform/names_words.h"

/* Part of every key's message: another dictionary, or another way of using it, is another mapping.
 * Made from @faker-js/faker 10.6.0. */
#define NAMES_VERSION "faker-10.6.0-1"

enum names_list { NAMES_FIRST, NAMES_FAMILY, NAMES_CITY, NAMES_STREET, NAMES_COMPANY };

/* Names of one list, script, class and length, in one piece. */
struct name_group {
    uint8_t script, class, chars, bytes;
    uint16_t count;
    const char *const *pieces;
};

enum { NAMES_GROUPS_MOST = 64 };

/* What may stand for one word. */
struct names_choice {
    size_t group_count, count;
    const struct name_group *groups[NAMES_GROUPS_MOST];
};

/* Names of the word's script and class with as many characters. Where those are too few to hide
 * among, also those of a kindred list, of a plainer class, and up to a quarter shorter. False: too
 * few all the same, and the word is to be scrambled. */
bool names_choose(enum names_list list, const struct word *word, struct names_choice *choice);
struct span names_at(const struct names_choice *choice, size_t index);

/* True when the list holds exactly this. */
bool names_has(enum names_list list, enum script script, struct span name);
/* True for words that say what something is rather than which (titles, particles, "street",
 * "ltd") in texts of that list, however they are written. */
bool names_keeps(enum names_list list, const struct word *word, bool is_first);

#endif
