/* What the cells of a column amount to, straight from their text: no value is made. */
#include "value/my_codec.h"
#include "value/my_type.h"

#define US_PER_DAY INT64_C(86400000000)

bool my_measure(const struct type *type, const struct cell_column *column,
                const struct cell_measures *measures, struct error *err)
{
    return codec_measure_values(&codec_my, type, column, measures, err);
}
