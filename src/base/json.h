/* Writes one JSON text into a buf, through yajl's generator: keys and values in call order. The
 * first mistake (a value where a key belongs, invalid UTF-8) is remembered; json_finish says. */
#ifndef UNDERSTUDY_BASE_JSON_H
#define UNDERSTUDY_BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/span.h"

struct json;

struct json *json_new(bool is_pretty); /* NULL: out of memory */
void json_free(struct json *json);
void json_object(struct json *json);
void json_object_end(struct json *json);
void json_array(struct json *json);
void json_array_end(struct json *json);
void json_key(struct json *json, const char *key);
void json_text(struct json *json,
               const char *text); /* NULL writes null; invalid UTF-8 is escaped */
void json_format(struct json *json, const char *format, ...) PRINTF_LIKE(2, 3);
void json_integer(struct json *json, int64_t number);
void json_real(struct json *json, double number, int digits); /* not finite: null */
void json_bool(struct json *json, bool truth);
void json_null(struct json *json);
/* key and value in one */
void json_key_text(struct json *json, const char *key, const char *text);
void json_key_integer(struct json *json, const char *key, int64_t number);
void json_key_real(struct json *json, const char *key, double number, int digits);
void json_key_bool(struct json *json, const char *key, bool truth);
/* Appends the finished text to `out`; false when a call was wrong or memory ended. */
bool json_finish(struct json *json, struct buf *out);

AUTO_DEFINE(json, struct json, json_free)

#endif
