/* What a single value looks like, by its bytes alone. For sampled counts only: generous where a
 * miss would hide something personal, exact where a checksum exists. Never keeps or shows it. */
#ifndef UNDERSTUDY_DETECT_SHAPES_H
#define UNDERSTUDY_DETECT_SHAPES_H

#include "base/span.h"

/* Nothing but an address, or a name before one in angle brackets. */
bool shape_is_email(struct span text);
bool shape_has_email(struct span text); /* somewhere an @ between host-like and name-like parts */
bool shape_is_phone(struct span text);  /* 7 to 15 digits with the punctuation of phones */
bool shape_is_dialed(struct span text); /* such a one as people write to be dialed */
bool shape_is_url(struct span text);
bool shape_is_ip(struct span text);  /* version 4 or 6 */
bool shape_is_mac(struct span text); /* 6 or 8 bytes, with colons, dashes or dots */
bool shape_is_uuid(struct span text);
bool shape_is_card(struct span text); /* 13 to 19 digits that hold Luhn's check */
bool shape_is_iban(struct span text); /* mod 97 */
/* Numbers that a state gave, by their check digits: fifteen countries (shapes_ids.c). */
bool shape_is_national(struct span text);
bool shape_is_place(struct span text); /* "48.1371, 11.5754", POINT(11.5 48.1) */
bool shape_is_name(struct span text);  /* two to four capitalized words */
bool shape_is_word(struct span text);  /* one capitalized word */
bool shape_is_date(struct span text);  /* 2026-01-02, 02.01.2026, 1/2/2026 */
/* A date of 1900 to 2015: births lie there, and so does much else. */
bool shape_is_birth(struct span text);
bool shape_is_number(struct span text);
bool shape_is_digits(struct span text);
bool shape_is_code(struct span text); /* [A-Za-z0-9_.-]{1,40}, or two or three such words */
bool shape_is_json(struct span text);
bool shape_is_hash(struct span text); /* 32, 40, 56, 64, 96 or 128 hex digits, or $2b$ ... */
/* A password's hash, a signed token, a private key, a key of a known service. */
bool shape_is_secret(struct span text);
/* 20 letters and digits or more without a blank, as mixed as if they were drawn. */
bool shape_is_token(struct span text);
bool shape_is_base64(struct span text); /* 40 characters or more, of which no word is made */
/* Six words or more, with small letters. */
bool shape_is_sentence(struct span text);
bool shape_has_blank(struct span text);
bool shape_is_ascii(struct span text);

#endif
