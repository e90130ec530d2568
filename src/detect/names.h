/* What names of columns and tables say: a dictionary in many languages (profiles/names.yaml, which
 * the program is built with) and what a user's own file of the same form adds. Nothing here sees a
 * value. */
#ifndef UNDERSTUDY_DETECT_NAMES_H
#define UNDERSTUDY_DETECT_NAMES_H

#include "base/arena.h"
#include "base/error.h"

enum meaning {
    MEANING_NONE,
    MEANING_SECRET,
    MEANING_EMAIL,
    MEANING_IP,
    MEANING_URL,
    MEANING_AGENT,
    MEANING_PHONE,
    MEANING_NATIONAL_ID,
    MEANING_CARD,
    MEANING_IBAN,
    MEANING_BIRTH,
    MEANING_USER_NAME,
    MEANING_FIRST_NAME,
    MEANING_FAMILY_NAME,
    MEANING_FULL_NAME,
    MEANING_COMPANY,
    MEANING_POSTCODE,
    MEANING_CITY,
    MEANING_REGION,
    MEANING_STREET,
    MEANING_PLACE,
    MEANING_SENSITIVE,
    MEANING_TEXT,
    MEANING_AMOUNT,
    MEANING_MEASURE,
    MEANING_COUNT,
    MEANING_ORDINAL,
    MEANING_NAME
};

struct names;

/* The built-in dictionary, and before it what the file says (NULL: nothing). STATUS_PROFILE with
 * the place where the file is not as it should be. */
bool names_read(const char *file, struct arena *arena, const struct names **names,
                struct error *err);

/* A name that ends in a word about the thing rather than the thing itself (email_status,
 * phone_type, token_count) means nothing. */
enum meaning name_meaning(const struct names *names, const char *column);
/* Its last word names people: profesor, head_teacher. */
bool name_is_of_people(const struct names *names, const char *column);
/* One of its words does: provider_name. */
bool name_mentions_people(const struct names *names, const char *column);
/* "named like an e-mail address"; for MEANING_NONE "". */
const char *meaning_reason(enum meaning meaning);
/* True for what must not be kept whatever its values look like. */
bool meaning_is_personal(enum meaning meaning);

enum table_meaning {
    TABLE_MEANING_NONE,
    TABLE_MEANING_PERSON,
    TABLE_MEANING_STAFF,
    TABLE_MEANING_LOGIN,
    TABLE_MEANING_OTHER,
    TABLE_MEANING_VOLATILE,
    TABLE_MEANING_QUEUE,
    TABLE_MEANING_REFERENCE
};

enum table_meaning table_name_meaning(const struct names *names, const char *table);

/* True when the words stand somewhere in the name as a run: "id" in customer_id, not in paid. */
bool name_has_words(const char *name, const char *words);
/* Its last word alone, in small letters, without marks. NULL never: "" where there is none. */
const char *name_last_word(struct arena *arena, const char *name);
/* It is one word. */
bool name_is_bare(const char *name);
/* The name's last word is this one. */
bool name_ends_with(const char *name, const char *word);

#endif
