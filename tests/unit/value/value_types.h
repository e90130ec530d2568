/* The types that the tests of this folder decode, as a catalog would describe them. */
#ifndef UNDERSTUDY_TESTS_VALUE_TYPES_H
#define UNDERSTUDY_TESTS_VALUE_TYPES_H

#include "value/codec.h"

/* By the name that stands in captured.def. Never NULL. */
const struct type *test_type(const char *name);

/* The same for MySQL's, as "bigint unsigned", "varchar" (equal bytes), "varchar ci", "varchar ai".
 */
const struct type *test_my_type(const char *name);
size_t test_my_type_count(void);
const struct type *test_my_type_at(size_t index);

size_t test_type_count(void);
const struct type *test_type_at(size_t index);

/* Asserts that two values of the type's kind are the same, bit by bit. */
void assert_same_value(const struct type *type, const struct value *a, const struct value *b);

#endif
