/* Whether a rule could be put on a column as it stands: what binding would say of the profile. */
#ifndef UNDERSTUDY_DETECT_FIT_H
#define UNDERSTUDY_DETECT_FIT_H

#include "detect/finding.h"

/* Prepares the rule as a run would, under a key that is thrown away. `params` is YAML flow text or
 * NULL. *fits is false where this version has no such rule, where it does not take the column, or
 * where a CHECK could not hold any more. False: out of memory. */
bool fit_check(const struct finding *finding, const char *rule, const char *params, bool *fits);

#endif
