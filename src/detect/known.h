/* Whether a text holds names that the dictionaries of the rules know. */
#ifndef UNDERSTUDY_DETECT_KNOWN_H
#define UNDERSTUDY_DETECT_KNOWN_H

#include "base/span.h"

bool known_is_given(struct span text);  /* nothing but one first name */
bool known_is_family(struct span text); /* nothing but one family name */
bool known_has_name(struct span text);  /* one of its words is a first name */

#endif
