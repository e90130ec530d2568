/* The kinds of values that rules know: what a column's type means, whatever the engine calls it. */
#ifndef UNDERSTUDY_CATALOG_KIND_H
#define UNDERSTUDY_CATALOG_KIND_H

enum kind {
#define KIND(name, word, form) KIND_##name,
#include "catalog/kind.def"
#undef KIND
    KIND_COUNT
};

#define KIND_BIT(kind) (1u << (kind))

const char *kind_word(enum kind kind);

#endif
