/* JSON through yajl's generator, which writes into our own buffer: yajl's would grow unchecked. A
 * stack of levels beside it refuses what yajl lets pass, an end that fits no beginning. */
#include "base/json.h"

#include "base/words.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <yajl/yajl_gen.h>

#define DEPTH_MAX 100 /* yajl's own limit is 128 */
#define TEXT_MAX  ((size_t)64 << 20)

enum level { LEVEL_TOP, LEVEL_OBJECT, LEVEL_ARRAY };

struct json {
    yajl_gen gen; /* owned */
    struct buf out;
    enum level levels[DEPTH_MAX + 1];
    int depth;
    bool has_key;  /* in an object, a key that waits for its value */
    bool complete; /* the top value is written */
    bool failed;
};

static void out_add(void *context, const char *bytes, size_t len)
{
    buf_add(context, bytes, len);
}

struct json *json_new(bool is_pretty)
{
    struct json *json = calloc(1, sizeof(*json));

    if (!json)
        return NULL;
    json->gen = yajl_gen_alloc(NULL);
    if (!json->gen) {
        free(json);
        return NULL;
    }
    buf_init(&json->out, BUF_CEILING_MAX);
    yajl_gen_config(json->gen, yajl_gen_print_callback, out_add, &json->out);
    yajl_gen_config(json->gen, yajl_gen_beautify, is_pretty ? 1 : 0);
    yajl_gen_config(json->gen, yajl_gen_indent_string, "  ");
    return json;
}

void json_free(struct json *json)
{
    if (!json)
        return;
    yajl_gen_free(json->gen);
    buf_release(&json->out);
    free(json);
}

static void status_note(struct json *json, yajl_gen_status status)
{
    if (status != yajl_gen_status_ok)
        json->failed = true;
}

/* A value may stand here: one at the top, any number in an array, one behind a key. */
static bool value_begin(struct json *json)
{
    assert(json);
    enum level level = json->levels[json->depth];
    if ((level == LEVEL_TOP && json->complete) || (level == LEVEL_OBJECT && !json->has_key))
        json->failed = true;
    json->has_key = false;
    json->complete = true;
    return !json->failed;
}

static void level_open(struct json *json, enum level level)
{
    if (!value_begin(json))
        return;
    if (json->depth == DEPTH_MAX) {
        json->failed = true;
        return;
    }
    json->levels[++json->depth] = level;
    status_note(json, level == LEVEL_OBJECT ? yajl_gen_map_open(json->gen)
                                            : yajl_gen_array_open(json->gen));
}

static void level_close(struct json *json, enum level level)
{
    assert(json);
    if (json->levels[json->depth] != level || json->has_key)
        json->failed = true;
    if (json->failed)
        return;
    json->depth--;
    status_note(json, level == LEVEL_OBJECT ? yajl_gen_map_close(json->gen)
                                            : yajl_gen_array_close(json->gen));
}

void json_object(struct json *json)
{
    level_open(json, LEVEL_OBJECT);
}

void json_object_end(struct json *json)
{
    level_close(json, LEVEL_OBJECT);
}

void json_array(struct json *json)
{
    level_open(json, LEVEL_ARRAY);
}

void json_array_end(struct json *json)
{
    level_close(json, LEVEL_ARRAY);
}

static void string_add(struct json *json, const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;

    assert(utf8_valid(text, len));
    status_note(json, yajl_gen_string(json->gen, bytes, len));
}

/* Text with every invalid byte written as \xNN, so that it can be a JSON string at all. */
static void text_add(struct json *json, const char *text)
{
    size_t len = strlen(text);
    const char *end = text + len;
    struct buf buf;

    if (utf8_valid(text, len)) {
        string_add(json, text, len);
        return;
    }
    buf_init(&buf, BUF_CEILING_MAX);
    while (text < end) {
        const char *start = text;
        if (utf8_next(&text, end) < 0)
            buf_add_format(&buf, "\\x%02x", (unsigned)(unsigned char)*start);
        else
            buf_add(&buf, start, (size_t)(text - start));
    }
    if (buf_ok(&buf))
        string_add(json, buf_text(&buf), buf.len);
    else
        json->failed = true;
    buf_release(&buf);
}

void json_key(struct json *json, const char *key)
{
    assert(json && key);
    if (json->levels[json->depth] != LEVEL_OBJECT || json->has_key)
        json->failed = true;
    if (json->failed)
        return;
    text_add(json, key);
    json->has_key = true;
}

void json_text(struct json *json, const char *text)
{
    if (!text)
        json_null(json);
    else if (value_begin(json))
        text_add(json, text);
}

void json_format(struct json *json, const char *format, ...)
{
    struct buf buf;
    char *text = NULL;
    va_list args;

    assert(format);
    buf_init(&buf, TEXT_MAX);
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0)
        text = buf_extend(&buf, (size_t)len);
    if (text) {
        va_start(args, format);
        vsnprintf(text, (size_t)len + 1, format, args);
        va_end(args);
        json_text(json, text);
    } else {
        json->failed = true;
    }
    buf_release(&buf);
}

void json_integer(struct json *json, int64_t number)
{
    if (value_begin(json))
        status_note(json, yajl_gen_integer(json->gen, number));
}

void json_real(struct json *json, double number, int digits)
{
    char text[400]; /* DBL_MAX has 309 digits before the point */

    assert(digits >= 0 && digits <= 20);
    if (!isfinite(number)) {
        json_null(json);
        return;
    }
    if (!value_begin(json))
        return;
    int len = snprintf(text, sizeof(text), "%.*f", digits, number);
    assert(len > 0 && (size_t)len < sizeof(text));
    /* A caller of the library may have set a locale with another decimal point. */
    for (int i = 0; i < len; i++)
        if (text[i] != '-' && (text[i] < '0' || text[i] > '9'))
            text[i] = '.';
    status_note(json, yajl_gen_number(json->gen, text, (size_t)len));
}

void json_bool(struct json *json, bool truth)
{
    if (value_begin(json))
        status_note(json, yajl_gen_bool(json->gen, truth));
}

void json_null(struct json *json)
{
    if (value_begin(json))
        status_note(json, yajl_gen_null(json->gen));
}

void json_key_text(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_text(json, text);
}

void json_key_integer(struct json *json, const char *key, int64_t number)
{
    json_key(json, key);
    json_integer(json, number);
}

void json_key_real(struct json *json, const char *key, double number, int digits)
{
    json_key(json, key);
    json_real(json, number, digits);
}

void json_key_bool(struct json *json, const char *key, bool truth)
{
    json_key(json, key);
    json_bool(json, truth);
}

bool json_finish(struct json *json, struct buf *out)
{
    assert(json && out);
    if (json->failed || !json->complete || json->depth > 0 || !buf_ok(&json->out))
        return false;
    buf_add(out, json->out.ptr, json->out.len);
    return buf_ok(out);
}
