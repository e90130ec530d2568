/* Counts what a text looks like. */
#include "detect/documents.h"
#include "detect/known.h"
#include "detect/shapes.h"

void evidence_add(struct sample_facts *facts, struct span text)
{
    facts->like_email += shape_is_email(text);
    facts->has_email += shape_has_email(text);
    facts->like_phone += shape_is_phone(text);
    facts->like_dialed += shape_is_dialed(text);
    facts->like_url += shape_is_url(text);
    facts->like_ip += shape_is_ip(text);
    facts->like_mac += shape_is_mac(text);
    facts->like_uuid += shape_is_uuid(text);
    facts->like_card += shape_is_card(text);
    facts->like_iban += shape_is_iban(text);
    facts->like_national += shape_is_national(text);
    facts->like_place += shape_is_place(text);
    facts->like_name += shape_is_name(text);
    facts->like_word += shape_is_word(text);
    facts->like_date += shape_is_date(text);
    facts->like_birth += shape_is_birth(text);
    facts->like_number += shape_is_number(text);
    facts->like_digits += shape_is_digits(text);
    facts->like_code += shape_is_code(text);
    facts->like_json += shape_is_json(text);
    facts->like_hash += shape_is_hash(text);
    facts->like_secret += shape_is_secret(text);
    facts->like_token += shape_is_token(text);
    facts->like_base64 += shape_is_base64(text);
    facts->like_sentence += shape_is_sentence(text);
    facts->like_given += known_is_given(text);
    facts->like_family += known_is_family(text);
    facts->like_person += shape_is_name(text) && known_has_name(text);
    facts->with_blank += shape_has_blank(text);
    facts->non_ascii += !shape_is_ascii(text);
}
