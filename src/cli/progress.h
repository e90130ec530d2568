/* How far a run is, on stderr: a bar that is redrawn in place, or lines. It knows nothing of the
 * run but what understudy_on_progress() tells it. */
#ifndef UNDERSTUDY_CLI_PROGRESS_H
#define UNDERSTUDY_CLI_PROGRESS_H

#include <stdio.h>
#include <understudy/understudy.h>

#define PROGRESS_LINE_MAX 256 /* bytes, the NUL included */

enum progress_form {
    PROGRESS_FORM_NONE,
    PROGRESS_FORM_BAR,
    PROGRESS_FORM_PLAIN,
    PROGRESS_FORM_JSON
};

struct progress {
    enum progress_form form;
    FILE *out;         /* borrowed */
    double last_line;  /* monotonic seconds: when a plain line was written, or the start */
    bool is_bar_drawn; /* and not yet ended by a line end */
};

/* `form` as on the command line: auto is a bar where `out` is a terminal that can redraw a line,
 * and plain elsewhere. JSON logs get JSON lines instead of both. */
enum progress_form progress_choose(const char *form, bool is_quiet, bool is_json, FILE *out);
void progress_start(struct progress *progress, enum progress_form form, FILE *out);
/* An understudy_progress_callback; `context` is the struct progress. */
void progress_show(void *context, const struct understudy_progress *seen);
/* Takes a bar off the terminal before anything else is written. */
void progress_stop(struct progress *progress);

/* One state as text of at most `width` columns; `width` 0: without a bar, of any length. */
void progress_format(const struct understudy_progress *seen, size_t width,
                     char text[PROGRESS_LINE_MAX]);

#endif
