/* What the program says on stderr when a command fails: as text for people, or as one JSON object
 * a line. Speech that cannot be written is lost; nobody is left to be told. */
#ifndef UNDERSTUDY_CLI_SPEECH_H
#define UNDERSTUDY_CLI_SPEECH_H

#include <stdbool.h>
#include <stdio.h>

struct complaint {
    const char *context; /* outermost first; "" for none */
    const char *cause;
    const char *hint; /* "" for none */
    int exit_code;
};

/* "understudy: CONTEXT: CAUSE", then "hint: HINT". Control characters are escaped. */
void complaint_write_text(const struct complaint *complaint, FILE *out);
/* {"level":"error","context":...,"cause":...,"hint":...,"exit":N} */
void complaint_write_json(const struct complaint *complaint, FILE *out);

/* A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void json_write_string(const char *text, FILE *out);

#endif
