/* Kinds of national identity numbers: how one is written and how its check is computed. To add a
 * kind, add a row to national.c. */
#ifndef UNDERSTUDY_TRANSFORM_NATIONAL_H
#define UNDERSTUDY_TRANSFORM_NATIONAL_H

#include "base/common.h"

enum { NATIONAL_CHARS_MAX = 20, NATIONAL_FORMS_MAX = 2 };

/* A form is one character for each of the number, separators left out:
 *     9 digit             n digit but 0          A capital letter
 *     m month             d day                  each in two digits
 *     P month, plus 20, 40, 60 or 80 for the century (the 20s stay)
 *     D day, plus 40 for women (the 40 stays)
 *     T month as a letter of ABCDEHLMPRST
 *     S A to D            X X, Y or Z            B A or B
 *     = digit, kept
 *     C check digit       K check pair of 01 to 97
 *     L check letter of `letters`
 * Whatever else stands for itself. Both characters of m, d, P, D and K are written: "mm". */
struct national {
    const char *name, *what;
    const char *forms[NATIONAL_FORMS_MAX];
    const char *letters; /* for L; NULL: A to Z */
    /* Fills `right` at the places of C, L and K (both) with what the check says of the others;
     * false: no check character fits these, and such a number is never issued. */
    bool (*check)(const char *chars, size_t count, char *right);
    /* Whether the number could be issued; NULL: every one. */
    bool (*is_valid)(const char *chars, size_t count);
    bool has_unissued; /* numbers that are never issued, written by `unissued` */
};

extern const struct national nationals[];
extern const size_t national_count;

#endif
