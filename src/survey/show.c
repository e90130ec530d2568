/* Which values a sentence may show. */
#include "survey/core.h"

#include "base/words.h"
#include "value/type.h"

#define CODE_MOST 40u

/* [A-Za-z0-9_.-]{1,40} */
static bool is_code(struct span text)
{
    if (text.len == 0 || text.len > CODE_MOST)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.' || c == '-'))
            return false;
    }
    return true;
}

static const char *text_show(struct span text, struct arena *arena)
{
    const char *copy = arena_strndup(arena, text.ptr, text.len);

    return copy ? words_printable(arena, copy) : NULL;
}

const char *survey_show_value(const struct survey_column *column, struct span cell,
                              struct arena *arena)
{
    struct value value = {.is_null = false};
    struct error ignored = {.status = STATUS_OK};
    struct span text;

    assert(cell.ptr);
    if (!column->bound->is_copied || column->form == FORM_WIDE || type_has_parts(column->type) ||
        !column->codec->decode(column->type, cell, arena, &value, &ignored))
        return NULL;
    if (column->type->class == TYPE_ENUM)
        return text_show(value.bytes, arena);
    if (column->type->kind == KIND_BOOLEAN)
        return value.boolean ? "true" : "false";
    if (column->type->is_flag && (value.integer == 0 || value.integer == 1))
        return value.integer == 1 ? "true" : "false";
    if (!codec_text_beside(column->codec)
             ->encode(NULL, column->type, &value, arena, &text, &ignored) ||
        !is_code(text))
        return NULL;
    return text_show(text, arena);
}
