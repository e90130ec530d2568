/* Other spellings of one text: what is hidden must not stand in the target under escapes either. */
#ifndef UNDERSTUDY_RUN_LEAK_PLAIN_H
#define UNDERSTUDY_RUN_LEAK_PLAIN_H

#include "base/buf.h"

/* True when the text may have another plain form: it holds an escape or bytes above 127. */
bool leak_is_spelled(struct span text);
/* Appends the text with JSON escapes (\u00e9, \/), percent escapes (%40) and numeric entities of
 * HTML (&#64; &#x40;) resolved, one layer in one pass, and letters in lower case beyond ASCII too.
 * What is no whole escape stands as it is. Failure is remembered by `out`. */
void leak_plain(struct span text, struct buf *out);

/* A number written with blanks, dashes, slashes, dots, brackets or a leading plus. */
struct leak_dialed {
    uint64_t tail, modulus; /* its last digits, without what differs between countries' spellings */
    unsigned digits;        /* in the tail; 0: the text is no such number */
};
/* Phone, card and account numbers in text: at least 8 digits, at most 4 letters, no other marks. */
struct leak_dialed leak_dialed(struct span text);
/* True when the text holds that number in any of these spellings. */
bool leak_dialed_find(const struct leak_dialed *number, struct span text);

#endif
