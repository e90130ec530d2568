/* The values that a column's type or a CHECK lists: labels of an enum, and
 * CHECK (status IN ('open', 'paid')) on the column or its domain, as the server prints it. */
#ifndef UNDERSTUDY_SURVEY_LABELS_H
#define UNDERSTUDY_SURVEY_LABELS_H

#include "survey/detector.h"

enum { LABELS_MAX = 256 };

/* Memory from `arena`; *count 0 where nothing is listed, or what lists it is no plain list. */
bool labels_read(const struct column *column, struct arena *arena, const struct span **labels,
                 size_t *count, struct error *err);

#endif
