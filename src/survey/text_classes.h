/* The classes of a text that are each worth a witness where few rows of a column have them. */
#ifndef UNDERSTUDY_SURVEY_TEXT_CLASSES_H
#define UNDERSTUDY_SURVEY_TEXT_CLASSES_H

#include "survey/detector.h"

enum text_class {
#define TEXT_CLASS(name, bits, needs, text) TEXT_##name,
#include "survey/text_classes.def"
#undef TEXT_CLASS
    TEXT_CLASS_COUNT
};

/* Bit 1 << class for each class of the text; none of an empty one. */
uint64_t text_classes(struct span text);
/* "has an emoji", for a sentence that begins with the column. */
const char *text_class_describe(enum text_class class);
unsigned text_class_needs(enum text_class class); /* PROPERTY_ bits */

#endif
