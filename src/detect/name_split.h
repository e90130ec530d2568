/* Names of columns and tables taken apart into words, without case and accents: what dictionaries
 * are compared with. */
#ifndef UNDERSTUDY_DETECT_NAME_SPLIT_H
#define UNDERSTUDY_DETECT_NAME_SPLIT_H

#include "base/span.h"

#define LETTERS_MAX                                                                                \
    192 /* of a name; what is longer is cut: engines stop at 63 or 64 characters                   \
         */
#define WORDS_MAX 32

/* "BillingPostalCode2" as letters "billingpostalcode2" with starts 0, 7, 14, 18. */
struct split {
    char letters[LETTERS_MAX + 4];
    size_t len;
    size_t starts[WORDS_MAX + 1]; /* starts[count] is len */
    size_t count;
    bool is_plain; /* umlauts are one letter */
};

/* Words end at '_', '-', blanks and dots, at changes of case and where digits begin or end. Latin
 * letters lose their marks (umlauts become two letters), Cyrillic ones are written in Latin; other
 * scripts stand as their bytes. */
void name_split(const char *name, struct split *split);
/* The same with umlauts as one letter, as languages other than German drop them. */
void name_split_plain(const char *name, struct split *split);

/* A run of whole words makes up the letters; *behind is the word after it. */
bool split_has_run(const struct split *split, struct span letters, size_t *behind);
/* The letters stand anywhere. */
bool split_has_letters(const struct split *split, struct span letters, size_t *behind);
/* The letters of one word. */
struct span split_word(const struct split *split, size_t word);
/* Begins a word with these letters at the end of the split. */
void split_add(struct split *split, struct span letters);

#endif
