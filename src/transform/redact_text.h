/* Stand-ins for texts, bytes and JSON: keyed by value, of the same class of length (from one power
 * of two to the next). */
#ifndef UNDERSTUDY_TRANSFORM_REDACT_TEXT_H
#define UNDERSTUDY_TRANSFORM_REDACT_TEXT_H

#include "transform/seed.h"

/* Words in the text's script, at most max_length characters (0: no limit). */
bool text_stand_in(struct seeder *seeder, struct value *value, uint32_t row, uint32_t max_length,
                   struct error *err);
/* 26 letters and digits from 128 keyed bits: distinct values stay distinct. Longer texts get more
 * letters behind. */
bool text_token(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);
bool bytes_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);
/* Bytes of the same length, one to one. */
bool bytes_permute(const struct transform_call *call, struct value *value, struct error *err);
/* Valid JSON: object, array, text or number as the value was. */
bool json_stand_in(struct seeder *seeder, struct value *value, uint32_t row, struct error *err);

/* 128 bits as 26 characters a-z, 2-7. */
void token_write(uint64_t high, uint64_t low, char text[26]);

#endif
