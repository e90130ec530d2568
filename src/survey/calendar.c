/* calendar: what days and hours say: the placeholders 1900-01-01, 1970-01-01 and 9999-12-31, 29
 * February, the last day of a month, weekends, and times that are finer or coarser than the others
 * of their column (exact midnight among times of day), each where it is rare. */
#include "survey/trait.h"

enum feature {
    /* exactly one of these */
    FEATURE_MIDNIGHT,
    FEATURE_HOUR,
    FEATURE_SECOND,
    FEATURE_FRACTION,
    FEATURE_WORKDAY,
    FEATURE_WEEKEND,
    /* any of these */
    FEATURE_1900,
    FEATURE_1970,
    FEATURE_9999,
    FEATURE_ONE,
    FEATURE_LEAP,
    FEATURE_MONTH_END,
    FEATURE_COUNT
};

/* What is about the very day survives no rule that moves days. Two of the placeholders are among
 * the sentinels that rules let pass. */
#define VERY_DAY (PROPERTY_CALENDAR | PROPERTY_MAGNITUDE)

static const struct {
    const char *text;
    unsigned needs;
} features[] = {
    [FEATURE_MIDNIGHT] = {"is exactly midnight", VERY_DAY},
    [FEATURE_HOUR] = {"is a whole hour", VERY_DAY},
    [FEATURE_SECOND] = {"is a whole second", VERY_DAY},
    [FEATURE_FRACTION] = {"has fractions of a second", VERY_DAY},
    [FEATURE_WORKDAY] = {"is Monday to Friday", PROPERTY_CALENDAR},
    [FEATURE_WEEKEND] = {"is a Saturday or Sunday", PROPERTY_CALENDAR},
    [FEATURE_1900] = {"is the placeholder 1900-01-01", VERY_DAY},
    [FEATURE_1970] = {"is the placeholder 1970-01-01", PROPERTY_EQUALITY},
    [FEATURE_9999] = {"is the placeholder 9999-12-31", PROPERTY_EQUALITY},
    [FEATURE_ONE] = {"is the placeholder 0001-01-01", VERY_DAY},
    [FEATURE_LEAP] = {"is a 29 February", VERY_DAY},
    [FEATURE_MONTH_END] = {"is the last day of a month", VERY_DAY},
};
static_assert(COUNT_OF(features) == FEATURE_COUNT, "one text a feature");

#define SECOND_US INT64_C(1000000)
#define HOUR_US   (3600 * SECOND_US)
#define DAY_US    (24 * HOUR_US)

/* Days since 1970-01-01. */
enum { DAY_1900 = -25567, DAY_9999 = 2932896, DAY_ONE = -719162 };

struct days {
    const struct survey_column *column;
    bool has_clock; /* it holds more than dates */
    struct trait traits[FEATURE_COUNT];
};

struct calendar {
    struct marker marker; /* first */
    size_t count;
    struct days *days;
};

static bool is_wanted(const struct survey_column *column)
{
    return column->form == FORM_TIME && !column->is_ignored && !column->is_reference;
}

static bool calendar_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct calendar), &picked, opened, err))
        return false;
    struct calendar *calendar = *opened;
    if (!calendar)
        return true;
    calendar->days = ARENA_ARRAY(calendar->marker.arena, picked.count, struct days);
    if (!calendar->days)
        return error_memory(err);
    for (; calendar->count < picked.count; calendar->count++) {
        struct days *days = &calendar->days[calendar->count];
        days->column = picked.columns[calendar->count];
        days->has_clock = days->column->type->kind != KIND_DATE;
    }
    return true;
}

static enum feature granularity(int64_t clock)
{
    assert(clock >= 0 && clock < DAY_US);
    if (clock == 0)
        return FEATURE_MIDNIGHT;
    if (clock % SECOND_US != 0)
        return FEATURE_FRACTION;
    return clock % HOUR_US == 0 ? FEATURE_HOUR : FEATURE_SECOND;
}

static unsigned placeholders(int64_t day)
{
    return (day == DAY_1900 ? 1u << FEATURE_1900 : 0u) | (day == 0 ? 1u << FEATURE_1970 : 0u) |
           (day == DAY_9999 ? 1u << FEATURE_9999 : 0u) | (day == DAY_ONE ? 1u << FEATURE_ONE : 0u);
}

/* Bits of the features that a day has, beside its clock. */
static unsigned day_features(int64_t day)
{
    /* 1970-01-01 was a Thursday: day 2 is a Saturday, day 3 a Sunday. */
    const int64_t weekday = ((day + 5) % 7 + 7) % 7;
    unsigned found = 1u << (weekday < 2 ? FEATURE_WEEKEND : FEATURE_WORKDAY) | placeholders(day);
    int year, month, date;

    date_from_days(day, &year, &month, &date);
    if (date < 28)
        return found;
    if (month == 2 && date == 29)
        found |= 1u << FEATURE_LEAP;
    date_from_days(day + 1, &year, &month, &date);
    return date == 1 ? found | 1u << FEATURE_MONTH_END : found;
}

static bool days_observe(struct days *days, struct marker *marker, const struct survey_batch *batch,
                         struct error *err)
{
    const struct survey_cells *cells = &batch->columns[days->column->index];

    assert(cells->is_null && cells->times);
    for (uint32_t row = 0; row < batch->rows; row++) {
        const int64_t time = cells->times[row];
        int64_t day = time / DAY_US, clock = time % DAY_US;
        unsigned found;

        if (cells->is_null[row] || time == TIME_MIN || time == TIME_MAX)
            continue;
        if (clock < 0) {
            day--;
            clock += DAY_US;
        }
        found = day_features(day);
        if (days->has_clock)
            found |= 1u << granularity(clock);
        for (; found; found &= found - 1)
            if (!trait_add(marker, &days->traits[__builtin_ctz(found)], row, err))
                return false;
    }
    return true;
}

static bool calendar_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct calendar *calendar = state;

    calendar->marker.batch = batch;
    for (size_t i = 0; i < calendar->count; i++)
        if (!days_observe(&calendar->days[i], &calendar->marker, batch, err))
            return false;
    return true;
}

static bool calendar_merge(void *state, void *from, struct error *err)
{
    struct calendar *calendar = state, *other = from;

    assert(calendar->count == other->count);
    for (size_t i = 0; i < calendar->count; i++)
        if (!traits_merge(&calendar->marker, calendar->days[i].traits, other->days[i].traits,
                          FEATURE_COUNT, err))
            return false;
    return true;
}

static bool calendar_yield(void *state, struct strata *strata, struct error *err)
{
    struct calendar *calendar = state;

    for (size_t i = 0; i < calendar->count; i++) {
        struct days *days = &calendar->days[i];

        for (size_t f = 0; f < FEATURE_COUNT; f++) {
            struct stratum_draft draft =
                trait_draft(&days->traits[f], days->column, features[f].needs);
            if (trait_is_rare(&days->traits[f], strata) &&
                !strata_add(strata, &draft, err, "%s %s",
                            column_title(calendar->marker.table, days->column), features[f].text))
                return false;
        }
    }
    return true;
}

const struct detector detector_calendar = {
    .kind = "calendar",
    .help = "placeholder dates, 29 February, month ends, weekends and midnight, where they are "
            "rare",
    .weight = 4,
    .open = calendar_open,
    .observe = calendar_observe,
    .merge = calendar_merge,
    .yield = calendar_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
