/* What of a column can be compared between production and the subset, once its rules have run. Only
 * what the rules leave as it was, or map one to one, is: the shape of an invented value says
 * nothing of production. Columns of keys and references are identifiers: their values are not
 * compared in order, fan-out speaks for them. */
#ifndef UNDERSTUDY_SURVEY_COMPARABLE_H
#define UNDERSTUDY_SURVEY_COMPARABLE_H

#include "bind/bind.h"

enum comparable { /* each with all before it */
                  COMPARABLE_NOTHING,
                  COMPARABLE_NULLS,
                  COMPARABLE_EQUALITY, /* which rows share a value, and how many values there are */
                  COMPARABLE_VALUES    /* kept: order and range too */
};

enum comparable comparable_of(const struct binding *binding, const struct bound_table *table,
                              const struct bound_column *column);

#endif
