/* Keys as they are compared inside the program: the image of a key is the same whichever side of an
 * edge its cells were read from. A key of one integer column is a number, every other the
 * canonical bytes of its columns. */
#ifndef UNDERSTUDY_GRAPH_KEY_H
#define UNDERSTUDY_GRAPH_KEY_H

#include "value/codec.h"

/* Working memory of one thread. Functions that take it lose what `bytes` held. */
struct key_scratch {
    const struct codec *codec; /* of all cells */
    struct arena *arena;       /* reset by the caller between rows or batches */
    struct buf bytes;          /* owned */
};

/* What a JSON path and a discriminator deliver, on every engine. */
extern const struct type key_text_type;
extern const struct type key_boolean_type;

/* The form in which all sides of a key are compared: the types of the columns referred to. */
struct key_form {
    size_t count;
    const struct type **types;
    bool is_number; /* one integer column */
};

/* Where the cells of a key stand in a link row, and what they are. */
struct key_side {
    size_t count;
    uint32_t *positions;
    const struct column **columns;
    const struct type **types; /* of the cells; of the elements where is_array */
    bool is_array;
    const struct key_form *form;
};

struct key_image {
    bool is_number;
    uint64_t number;          /* the sign bit turned over, so that it sorts as integers do */
    struct span bytes;        /* canonical, when !is_number */
    const struct span *cells; /* raw, as the side has them */
};

/* The images of one row's key: none (some cell is NULL), one, or one for each element. */
struct key_images {
    size_t count;
    struct key_image *items;
    struct key_image one; /* saves an allocation where there is just one */
    struct span cell;
};

bool key_scratch_init(struct key_scratch *scratch, const struct codec *codec, struct error *err);
void key_scratch_release(struct key_scratch *scratch);

/* Images and all they point to live until the scratch arena is reset. */
bool key_images_read(struct key_scratch *scratch, const struct key_side *side,
                     const struct span *row, struct key_images *images, struct error *err);

/* The cells under which `image`, read from side `from`, is sought on side `to`: `cells` holds
 * to->count spans, in the scratch arena or borrowed. *is_possible is false where no value of the
 * type sought can equal the key. */
bool key_cells_convert(struct key_scratch *scratch, const struct key_side *from,
                       const struct key_side *to, const struct key_image *image, struct span *cells,
                       bool *is_possible, struct error *err);
/* The same from the number alone. */
bool key_number_encode(struct key_scratch *scratch, const struct key_side *to, uint64_t number,
                       struct span *cell, bool *is_possible, struct error *err);

/* Length and canonical bytes of each cell; NULL is the length of all ones when `nulls` is true,
 * else it sets *has_null. Appends. */
bool key_bytes_add(struct key_scratch *scratch, const struct type *const *types,
                   const struct span *cells, size_t count, bool *has_null, struct error *err);

/* What hashes are made of, out of such bytes: from `start` on a text that is a UUID in lower case
 * becomes its 16 bytes, for which UUID it is does not hang on where it is kept (MySQL mostly has it
 * in a text, and rules map both alike). Keys are not compared by that: a text of those 16 bytes is
 * another key. */
void key_bytes_settle(struct key_scratch *scratch, size_t start);

/* The canonical bytes of a number's key: what key_canonical makes of the integer. */
void key_number_bytes(const struct key_form *form, uint64_t number, struct buf *out);

/* The canonical bytes of an edge's key from the raw cells of its columns: for each column length
 * and canonical bytes (value_canonical); false when some cell is NULL (no reference). For choosing,
 * for orphans, for subjects: everywhere a key is compared inside the program. */
bool key_canonical(const struct codec *codec, const struct column *const *columns,
                   const struct span *cells, size_t count, struct arena *arena, struct buf *out,
                   bool *has_null, struct error *err);

static inline const struct type *key_base_type(const struct type *type)
{
    while (type->class == TYPE_DOMAIN && type->element)
        type = type->element;
    return type;
}

static inline bool key_is_integer(const struct type *type)
{
    const struct type *base = key_base_type(type);

    return base->class == TYPE_BASE && base->kind == KIND_INTEGER;
}

#endif
