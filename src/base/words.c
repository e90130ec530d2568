/* Nearest words, and names made safe to show. */
#include "base/words.h"

#define LETTERS_MAX 64 /* longer words are not typing errors of each other */

struct letters {
    int32_t points[LETTERS_MAX];
    int count; /* -1: too many */
};

static struct letters letters_read(const char *word)
{
    struct letters letters = {.count = 0};
    const char *end = word + strlen(word);

    while (word < end) {
        if (letters.count == LETTERS_MAX) {
            letters.count = -1;
            break;
        }
        letters.points[letters.count++] = utf8_next(&word, end);
    }
    return letters;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, or swap two neighbours, each once. Three rows
 * of the table suffice: the swap looks two rows back. */
static int letters_distance(const struct letters *a, const struct letters *b)
{
    int rows[3][LETTERS_MAX + 1];

    assert(a->count >= 0 && b->count >= 0);
    for (int j = 0; j <= b->count; j++)
        rows[0][j] = j;
    for (int i = 1; i <= a->count; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3];
        const int *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= b->count; j++) {
            int is_other = a->points[i - 1] != b->points[j - 1];
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + is_other);
            if (i > 1 && j > 1 && a->points[i - 1] == b->points[j - 2] &&
                a->points[i - 2] == b->points[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a->count % 3][b->count];
}

const char *words_nearest(const char *word, const char *const *candidates, size_t count)
{
    assert(word && (candidates || count == 0));
    struct letters letters = letters_read(word);
    if (letters.count <= 0)
        return NULL;
    int best = letters.count < 3 ? 1 : letters.count / 3;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        struct letters candidate = letters_read(candidates[i]);
        if (candidate.count < 0)
            continue;
        int distance = letters_distance(&letters, &candidate);
        if (distance < best || (distance == best && !nearest)) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

/* Control characters, marks that turn the direction of text, and separators of lines. */
static bool is_deceiving(int32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x61c || point == 0x200e ||
           point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

static bool is_printable(const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end)
        if (is_deceiving(utf8_next(&text, end)))
            return false;
    return true;
}

void words_add_printable(struct buf *buf, const char *text, size_t len)
{
    assert(text || len == 0);
    const char *end = text + len;
    while (text < end) {
        const char *start = text;
        int32_t point = utf8_next(&text, end);
        if (point < 0x80 && is_deceiving(point))
            buf_add_format(buf, "\\x%02x", (unsigned)(unsigned char)*start);
        else if (is_deceiving(point))
            buf_add_format(buf, "\\u{%04x}", (unsigned)point);
        else
            buf_add(buf, start, (size_t)(text - start));
    }
}

const char *words_printable(struct arena *arena, const char *text)
{
    assert(arena && text);
    size_t len = strlen(text);
    if (is_printable(text, len))
        return text;
    struct buf buf;
    buf_init(&buf, BUF_CEILING_MAX);
    words_add_printable(&buf, text, len);
    char *printable = buf_ok(&buf) ? arena_strndup(arena, buf_text(&buf), buf.len) : NULL;
    buf_release(&buf);
    return printable;
}
