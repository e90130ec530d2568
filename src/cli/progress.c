/* Draws progress. */
#include "cli/progress.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PLAIN_SECONDS 10.0
#define WIDTH_DEFAULT 80
#define BAR_MAX       30
#define BAR_MIN       8
#define PIECE_MAX     64

static double now(void)
{
    struct timespec time = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static bool is_capable(FILE *out)
{
    const char *kind = getenv("TERM");

    return isatty(fileno(out)) && kind && kind[0] != '\0' && strcmp(kind, "dumb") != 0;
}

enum progress_form progress_choose(const char *form, bool is_quiet, bool is_json, FILE *out)
{
    assert(form && out);
    if (is_quiet || strcmp(form, "none") == 0)
        return PROGRESS_FORM_NONE;
    if (is_json)
        return PROGRESS_FORM_JSON;
    if (strcmp(form, "bar") == 0 || (strcmp(form, "auto") == 0 && is_capable(out)))
        return PROGRESS_FORM_BAR;
    return PROGRESS_FORM_PLAIN;
}

void progress_start(struct progress *progress, enum progress_form form, FILE *out)
{
    assert(progress && out);
    *progress = (struct progress){.form = form, .out = out, .last_line = now()};
}

/* One column less than there are: a full line would make the terminal begin a new one. */
static size_t terminal_width(FILE *out)
{
    struct winsize size = {.ws_col = 0};
    size_t columns = WIDTH_DEFAULT;

    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        columns = size.ws_col;
    return columns - 1;
}

/* "1,234,567" */
static void format_count(uint64_t count, char text[PIECE_MAX])
{
    char digits[32];
    int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
    char *out = text;

    assert(length > 0 && length < 21);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
}

/* "0:12", "1:02:03" */
static void format_seconds(double seconds, char text[PIECE_MAX])
{
    uint64_t whole = seconds < 0 ? 0 : seconds > 3.6e8 ? UINT64_C(360000000) : (uint64_t)seconds;
    uint64_t hours = whole / 3600;

    if (hours > 0)
        (void)snprintf(text, PIECE_MAX, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, hours,
                       whole / 60 % 60, whole % 60);
    else
        (void)snprintf(text, PIECE_MAX, "%" PRIu64 ":%02" PRIu64, whole / 60, whole % 60);
}

/* "45 MiB/s"; three figures are enough for a rate. */
static void format_rate(double rate, char text[PIECE_MAX])
{
    static const char *const units[] = {"B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"};
    size_t unit = 0;

    while (rate >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        rate /= 1024;
        unit++;
    }
    (void)snprintf(text, PIECE_MAX, rate < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", rate,
                   units[unit]);
}

/* The share that is done, from 0 to 1; below 0 where it is not known. */
static double share_done(const struct understudy_progress *seen)
{
    if (seen->rows_total == 0)
        return -1;
    if (seen->rows >= seen->rows_total)
        return 1;
    return (double)seen->rows / (double)seen->rows_total;
}

/* The parts of a line in the order in which they stand; those behind the count go first when the
 * line is narrow. */
struct pieces {
    char percent[PIECE_MAX], rows[PIECE_MAX], rate[PIECE_MAX], time[PIECE_MAX];
};

static void format_pieces(const struct understudy_progress *seen, struct pieces *pieces)
{
    double share = share_done(seen);
    char text[PIECE_MAX];

    *pieces = (struct pieces){.percent = ""};
    if (share >= 0)
        (void)snprintf(pieces->percent, PIECE_MAX, "  %d %%", (int)(share * 100));
    if (seen->rows > 0 || seen->rows_total > 0) {
        format_count(seen->rows, text);
        (void)snprintf(pieces->rows, PIECE_MAX, "  %.32s rows", text);
    }
    if (seen->bytes > 0 && seen->seconds >= 0.1) {
        format_rate((double)seen->bytes / seen->seconds, text);
        (void)snprintf(pieces->rate, PIECE_MAX, "  %.32s", text);
    }
    if (!seen->is_done && share > 0 && share < 1 && seen->seconds >= 1) {
        format_seconds(seen->seconds * (1 - share) / share, text);
        (void)snprintf(pieces->time, PIECE_MAX, "  %.32s left", text);
        return;
    }
    format_seconds(seen->seconds, text);
    (void)snprintf(pieces->time, PIECE_MAX, "  %.32s", text);
}

/* Appends while there is room; what does not fit is left out whole. */
static void add_piece(char text[PROGRESS_LINE_MAX], size_t width, const char *piece)
{
    size_t used = strlen(text);
    size_t length = strlen(piece);

    if (used + length <= width && used + length < PROGRESS_LINE_MAX)
        memcpy(text + used, piece, length + 1);
}

static void add_bar(char text[PROGRESS_LINE_MAX], double share, size_t cells)
{
    static const char full[] = "##############################";
    static const char rest[] = "------------------------------";
    size_t used = strlen(text);
    int done = (int)(share * (double)cells);

    _Static_assert(sizeof(full) == BAR_MAX + 1 && sizeof(rest) == BAR_MAX + 1, "a whole bar");
    assert(share >= 0 && share <= 1 && cells <= BAR_MAX && used + cells + 5 < PROGRESS_LINE_MAX);
    (void)snprintf(text + used, PROGRESS_LINE_MAX - used, "  [%.*s%.*s]", done, full,
                   (int)cells - done, rest);
}

void progress_format(const struct understudy_progress *seen, size_t width,
                     char text[PROGRESS_LINE_MAX])
{
    double share = share_done(seen);
    size_t room = width > 0 && width < PROGRESS_LINE_MAX ? width : PROGRESS_LINE_MAX - 1;
    struct pieces pieces;
    size_t others;

    format_pieces(seen, &pieces);
    (void)snprintf(text, room + 1, "%.64s", seen->phase);
    others = strlen(text) + strlen(pieces.percent) + strlen(pieces.rows) + strlen(pieces.rate) +
             strlen(pieces.time) + 4;
    if (width > 0 && share >= 0 && !seen->is_done && others + BAR_MIN <= room) {
        size_t cells = room - others;

        add_bar(text, share, cells > BAR_MAX ? BAR_MAX : cells);
    }
    if (!seen->is_done)
        add_piece(text, room, pieces.percent);
    add_piece(text, room, pieces.rows);
    add_piece(text, room, pieces.rate);
    add_piece(text, room, pieces.time);
    assert(strlen(text) <= room);
}

/* Clears from the cursor's line down. */
#define CLEAR "\r\033[J"
/* Back to the start of the line above. */
#define UP "\r\033[A"

/* The cursor waits on an empty line above the bar: a warning that comes meanwhile stands there
 * whole, ends at the bar, and the next drawing moves the bar down. */
static void show_bar(struct progress *progress, const struct understudy_progress *seen)
{
    char text[PROGRESS_LINE_MAX];

    progress_format(seen, terminal_width(progress->out), text);
    if (seen->is_done)
        (void)fprintf(progress->out, CLEAR "%s\n", text);
    else
        (void)fprintf(progress->out, CLEAR "\n%s" UP, text);
    (void)fflush(progress->out);
    progress->is_bar_drawn = !seen->is_done;
}

static bool is_due(struct progress *progress, const struct understudy_progress *seen)
{
    double time = now();

    if (!seen->is_done && time - progress->last_line < PLAIN_SECONDS)
        return false;
    progress->last_line = time;
    return true;
}

static void show_plain(struct progress *progress, const struct understudy_progress *seen)
{
    char text[PROGRESS_LINE_MAX];

    if (!is_due(progress, seen))
        return;
    progress_format(seen, 0, text);
    (void)fprintf(progress->out, "%s%s\n", text, seen->is_done ? "  done" : "");
    (void)fflush(progress->out);
}

/* Phases are words of the program's own and need no escapes. */
static void show_json(struct progress *progress, const struct understudy_progress *seen)
{
    if (!is_due(progress, seen))
        return;
    (void)fprintf(progress->out,
                  "{\"level\":\"progress\",\"phase\":\"%s\",\"rows\":%" PRIu64
                  ",\"rows_total\":%" PRIu64 ",\"bytes\":%" PRIu64
                  ",\"seconds\":%.1f,\"done\":%s}\n",
                  seen->phase, seen->rows, seen->rows_total, seen->bytes, seen->seconds,
                  seen->is_done ? "true" : "false");
    (void)fflush(progress->out);
}

void progress_show(void *context, const struct understudy_progress *seen)
{
    struct progress *progress = context;

    assert(progress && seen && seen->phase);
    switch (progress->form) {
    case PROGRESS_FORM_NONE:
        return;
    case PROGRESS_FORM_BAR:
        show_bar(progress, seen);
        return;
    case PROGRESS_FORM_PLAIN:
        show_plain(progress, seen);
        return;
    case PROGRESS_FORM_JSON:
        show_json(progress, seen);
        return;
    }
}

void progress_stop(struct progress *progress)
{
    assert(progress && progress->out);
    if (!progress->is_bar_drawn)
        return;
    (void)fputs(CLEAR, progress->out);
    (void)fflush(progress->out);
    progress->is_bar_drawn = false;
}
