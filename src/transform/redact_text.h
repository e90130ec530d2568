/* Stand-ins for texts, bytes and JSON: keyed by value, of the same class of length (from one power
 * of two to the next), and never what they stand for. */
#ifndef UNDERSTUDY_TRANSFORM_REDACT_TEXT_H
#define UNDERSTUDY_TRANSFORM_REDACT_TEXT_H

#include "transform/seed.h"

/* Characters that a text may have. */
struct text_limits {
    uint32_t least, most; /* most 0: no limit */
};

/* Words in the text's script, of a length inside the limits. */
bool text_stand_in(struct seeder *seeder, struct value *value, uint32_t row,
                   const struct text_limits *limits, struct error *err);
/* 26 letters and digits from 128 keyed bits: distinct values stay distinct. Longer texts get more
 * letters behind. */
bool text_token(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);
/* The smallest valid file where the bytes begin one and the column holds it, else keyed bytes: as
 * many as there were in MySQL's binary(n), which fills up what is shorter. */
bool bytes_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);
/* Bytes of the same length, one to one. */
bool bytes_permute(const struct transform_call *call, struct value *value, struct error *err);
/* Valid JSON: object, array, text or number as the value was; {}, [], null and 0 stay. */
bool json_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);

/* Valid JSON that holds a token of 128 bits: distinct documents stay distinct. */
bool json_token(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);

/* 128 bits as 26 characters a-z, 2-7. */
void token_write(uint64_t high, uint64_t low, char text[26]);

#endif
