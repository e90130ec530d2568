/* Writes complaints. */
#include "cli/speech.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the UTF-8 character at `text`, or 0 where none stands (overlong forms, surrogates and
 * what is beyond U+10FFFF are none). A NUL ends every look ahead, as it continues nothing. */
static size_t character_length(const unsigned char *text)
{
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

    if (length == 1)
        return 1;
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    if (text[0] == 0xe0)
        low = 0xa0;
    if (text[0] == 0xed)
        high = 0x9f;
    if (text[0] == 0xf0)
        low = 0x90;
    if (text[0] == 0xf4)
        high = 0x8f;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((text[i] & 0xc0u) != 0x80)
            return 0;
    return length;
}

void json_write_string(const char *text, FILE *out)
{
    const unsigned char *byte = (const unsigned char *)text;

    assert(text && out);
    (void)fputc('"', out);
    while (*byte != '\0') {
        size_t length = character_length(byte);

        if (*byte == '"' || *byte == '\\')
            (void)fprintf(out, "\\%c", *byte);
        else if (*byte < 0x20 || *byte == 0x7f)
            (void)fprintf(out, "\\u%04x", *byte);
        else if (length == 0)
            (void)fputs("\\ufffd", out);
        else
            (void)fwrite(byte, 1, length, out);
        byte += length == 0 ? 1 : length;
    }
    (void)fputc('"', out);
}

/* A line stays a line, and a terminal is sent no commands, whatever a name holds. */
static void write_line(const char *before, const char *text, FILE *out)
{
    (void)fputs(before, out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x20 || byte == 0x7f)
            (void)fprintf(out, "\\x%02x", byte);
        else
            (void)fputc(byte, out);
    }
}

void complaint_write_text(const struct complaint *complaint, FILE *out)
{
    assert(complaint && complaint->cause[0] != '\0');
    write_line("understudy: ", complaint->context, out);
    write_line(complaint->context[0] != '\0' ? ": " : "", complaint->cause, out);
    (void)fputc('\n', out);
    if (complaint->hint[0] != '\0') {
        write_line("hint: ", complaint->hint, out);
        (void)fputc('\n', out);
    }
}

void complaint_write_json(const struct complaint *complaint, FILE *out)
{
    assert(complaint && complaint->cause[0] != '\0');
    (void)fputs("{\"level\":\"error\",\"context\":", out);
    json_write_string(complaint->context, out);
    (void)fputs(",\"cause\":", out);
    json_write_string(complaint->cause, out);
    (void)fputs(",\"hint\":", out);
    json_write_string(complaint->hint, out);
    (void)fprintf(out, ",\"exit\":%d}\n", complaint->exit_code);
}
