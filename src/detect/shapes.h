/* What a single value looks like, by its bytes alone. For sampled counts only: generous where a
 * miss would hide something personal, exact where a checksum exists. Never keeps or shows it. */
#ifndef UNDERSTUDY_DETECT_SHAPES_H
#define UNDERSTUDY_DETECT_SHAPES_H

#include "base/span.h"

bool shape_is_email(struct span text); /* somewhere an @ between host-like and name-like parts */
bool shape_is_phone(struct span text); /* 7 to 15 digits with the punctuation of phones */
bool shape_is_url(struct span text);
bool shape_is_ip(struct span text); /* version 4 or 6 */
bool shape_is_uuid(struct span text);
bool shape_is_card(struct span text); /* 13 to 19 digits that hold Luhn's check */
bool shape_is_iban(struct span text); /* mod 97 */
bool shape_is_name(struct span text); /* two to four capitalized words */
bool shape_is_word(struct span text); /* one capitalized word */
bool shape_is_date(struct span text); /* 2026-01-02, 02.01.2026, 1/2/2026 */
bool shape_is_number(struct span text);
bool shape_is_code(struct span text); /* [A-Za-z0-9_.-]{1,40}, or two or three such words */
bool shape_is_json(struct span text);
bool shape_is_hash(struct span text); /* 32, 40, 56, 64, 96 or 128 hex digits, or $2b$ ... */
bool shape_has_blank(struct span text);
bool shape_is_ascii(struct span text);

#endif
