/* Texts that UTF-8 does not hold: bytes of another character set for which it has no letter, or one
 * that does not lead back to these bytes (greek AE, cp932 FA54). Such a cell is copied, compared
 * and looked up as it stands, and nothing else:
 *
 *   FF  name of the character set  :  the text as far as UTF-8 has it  20 FF  the bytes
 *
 * FF is in no UTF-8, so no other text begins with it. What can be read stands in it for those that
 * search texts. FF alone: the server could not put such a cell together, it was too long. */
#ifndef UNDERSTUDY_VALUE_MY_OPAQUE_H
#define UNDERSTUDY_VALUE_MY_OPAQUE_H

#include "base/span.h"
#include "catalog/catalog.h"

struct my_opaque {
    struct span charset, legible, bytes;
};

/* Also true of a text in ASCII with bytes that are none, as MariaDB lets stand: it has no parts. */
bool my_is_opaque(const struct type *type, struct span cell);
/* codec.opaque: the text as far as it can be read. */
bool my_opaque_read(const struct type *type, struct span cell, struct span *legible);
/* false: it has no parts. Of a cell as it is written `bytes` still has its escapes. */
bool my_opaque_split(struct span cell, struct my_opaque *parts);

#endif
