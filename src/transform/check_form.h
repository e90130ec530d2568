/* What a CHECK on a text leaves a rule: the server's own print of the expression is read for the
 * literals in it, no more; what is not understood is answered with no. */
#ifndef UNDERSTUDY_TRANSFORM_CHECK_FORM_H
#define UNDERSTUDY_TRANSFORM_CHECK_FORM_H

#include "base/common.h"

/* It asks for no more than that something is there: x <> '', length(x) > 0, x IS NOT NULL. */
bool check_is_about_emptiness(const char *expression);
/* A text of the same length, with another letter of its case for each letter and another digit for
 * each digit, satisfies it where the one before did: '^[A-Z]{3}-\d+$' does, '^[1-9]' does not. */
bool check_keeps_form(const char *expression);
/* Addresses as the rule `email` makes them satisfy it. */
bool check_takes_address(const char *expression);

#endif
