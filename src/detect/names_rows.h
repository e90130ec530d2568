/* A dictionary of names as its reader leaves it: rows in the order in which they are tried. */
#ifndef UNDERSTUDY_DETECT_NAMES_ROWS_H
#define UNDERSTUDY_DETECT_NAMES_ROWS_H

#include "detect/name_split.h"
#include "detect/names.h"

enum match { MATCH_WORDS, MATCH_ANYWHERE, MATCH_ALONE };

struct name_row {
    enum meaning meaning;
    enum match match;
    struct span letters;
};

struct table_row {
    enum table_meaning meaning;
    struct span letters;
};

struct abbreviation {
    struct span letters;
    const struct split *stands_for;
};

struct names { /* a user's rows stand before the built-in ones */
    struct arena *arena;
    size_t column_count, column_capacity, table_count, table_capacity;
    size_t property_count, property_capacity, abbreviation_count, abbreviation_capacity;
    struct name_row *columns;
    struct table_row *tables;
    struct span *properties;
    struct abbreviation *abbreviations;
};

#endif
