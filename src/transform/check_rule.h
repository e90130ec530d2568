/* Whether what a rule writes to a text still satisfies a CHECK on it, as far as can be told without
 * the server: the server's own print of the expression is taken apart at AND and OR, and each part
 * is compared with what the rule promises. What is not understood is answered with no. */
#ifndef UNDERSTUDY_TRANSFORM_CHECK_RULE_H
#define UNDERSTUDY_TRANSFORM_CHECK_RULE_H

#include "transform/transform.h"

/* Whether each text that satisfies the expression satisfies it still when `prepared` has rewritten
 * it. The expression speaks of this one column alone (of a domain: VALUE). */
bool check_survives(const struct prepared_transform *prepared, const char *expression);
/* Characters that a CHECK or a domain leaves a text column, at most its own length; 0: no limit is
 * known. Rules that are prepared for a column of this length keep it. */
uint32_t check_text_limit(const struct column *column);

#endif
