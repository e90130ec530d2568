/* Lines of a journal entry times one factor, so that what added up adds up again. Rounding each
 * line by itself loses cents; here each line becomes the difference of two rounded sums of the
 * lines before it:
 *
 *     out = R(before + line) - R(before),     R(s) = s * factor, halves away from zero
 *
 * Summed over all lines only R(whole sum) is left: 0 for debits and credits in one signed column,
 * and the same for two columns, or two sides of one, whose sums are equal. No line is more than one
 * unit off its own product. The sums come from the source, in SQL, so that a line can be rewritten
 * without the others at hand. */
#ifndef UNDERSTUDY_TRANSFORM_LEDGER_H
#define UNDERSTUDY_TRANSFORM_LEDGER_H

#include "transform/exact.h"

enum { LEDGER_LINES_MAX = 1000 };

/* What the source says of a line: all of one scale. */
struct ledger_line {
    int64_t count; /* lines of the entry; above LEDGER_LINES_MAX: more */
    struct exact before,
        after; /* sums of the lines before it in the order of identities; with it */
    struct exact smallest, most; /* of the sizes of the entry's lines that are not 0 */
};

/* "COUNT BEFORE AFTER SMALLEST MOST", decimals of one scale; false: it is not, or does not fit. */
bool ledger_read(struct span text, struct ledger_line *line);
/* True for a factor (times 10^9) that leaves no line 0, brings none above `limit` units, and no sum
 * beyond what is calculated exactly. All lines of an entry get the same answer. */
bool ledger_holds(const struct ledger_line *line, uint64_t factor, uwide limit);
/* What becomes of the line; the factor holds, or is 10^9, which gives it back as it is. */
struct exact ledger_move(const struct ledger_line *line, uint64_t factor);

#endif
