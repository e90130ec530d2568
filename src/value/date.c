/* The civil calendar, after "chrono-Compatible Low-Level Date Algorithms" (Howard Hinnant, 2013):
 * years begin in March, so that the leap day is the last of its year, and the calendar repeats
 * every 400 years of 146,097 days. */
#include "value/value.h"

#define US_PER_DAY    INT64_C(86400000000)
#define DAYS_PER_ERA  146097
#define MARCH_0000    719468 /* days from 0000-03-01 to 1970-01-01 */
#define YEARS_PER_ERA 400

void date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted, era, day_of_era, year_of_era, day_of_year, month_from_march;

    assert(year && month && day);
    assert(days > INT64_C(-700000000000) && days < INT64_C(700000000000));
    shifted = days + MARCH_0000;
    era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    day_of_era = shifted - era * DAYS_PER_ERA;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month_from_march = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *year = (int)(year_of_era + era * YEARS_PER_ERA + (*month <= 2 ? 1 : 0));
}

int64_t date_to_days(int year, int month, int day)
{
    int64_t from_march, era, year_of_era, day_of_year, day_of_era;

    assert(month >= 1 && month <= 12);
    assert(day >= 1 && day <= 31);
    from_march = (int64_t)year - (month <= 2 ? 1 : 0);
    era = (from_march >= 0 ? from_march : from_march - (YEARS_PER_ERA - 1)) / YEARS_PER_ERA;
    year_of_era = from_march - era * YEARS_PER_ERA;
    day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - MARCH_0000;
}

/* A number for each date that a text of four, two and two digits may name, in their order. */
enum { MONTH_BITS = 4, DAY_BITS = 5, PARTIAL_COUNT = 10000 << (MONTH_BITS + DAY_BITS) };

bool time_is_partial(enum kind kind, int64_t time)
{
    const int64_t unit = kind == KIND_DATE ? 1 : US_PER_DAY;

    if (kind != KIND_DATE && kind != KIND_TIMESTAMP && kind != KIND_INSTANT)
        return false;
    return time >= TIME_ZERO && time < TIME_ZERO + PARTIAL_COUNT * unit;
}

bool date_is_partial(int year, int month, int day)
{
    int back_year, back_month, back_day;

    assert(month >= 0 && month <= 12 && day >= 0 && day <= 31);
    if (year == 0 || month == 0 || day == 0)
        return true;
    date_from_days(date_to_days(year, month, day), &back_year, &back_month, &back_day);
    return back_month != month;
}

int64_t time_make_partial(enum kind kind, const struct partial_date *date)
{
    const int64_t number = (int64_t)date->year << (MONTH_BITS + DAY_BITS) |
                           (int64_t)date->month << DAY_BITS | date->day;

    assert(date->year >= 0 && date->year <= 9999);
    assert(date_is_partial(date->year, date->month, date->day));
    assert(date->us >= 0 && date->us < US_PER_DAY);
    return TIME_ZERO + (kind == KIND_DATE ? number : number * US_PER_DAY + date->us);
}

struct partial_date time_read_partial(enum kind kind, int64_t time)
{
    const int64_t from_zero = time - TIME_ZERO;
    const int64_t number = kind == KIND_DATE ? from_zero : from_zero / US_PER_DAY;

    assert(time_is_partial(kind, time));
    return (struct partial_date){
        .year = (int)(number >> (MONTH_BITS + DAY_BITS)),
        .month = (int)(number >> DAY_BITS & ((1 << MONTH_BITS) - 1)),
        .day = (int)(number & ((1 << DAY_BITS) - 1)),
        .us = kind == KIND_DATE ? 0 : from_zero % US_PER_DAY,
    };
}
