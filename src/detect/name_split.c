/* Splits names into words at blanks, '_', '-', dots and changes of case. */
#include "detect/name_split.h"

#include "base/words.h"

#include <string.h>

/* Latin letters with marks, U+00C0 to U+017F, without them; '*' is ae, '+' oe, '~' ue, '#' ss,
 * ' ' none. German umlauts take the spelling that the dictionaries have. */
static const char unmarked[] = "aaaa*a*ceeeeiiiidnoooo+ ouuu~yt#"
                               "aaaa*a*ceeeeiiiidnoooo+ ouuu~yty"
                               "aaaaaaccccccccddddeeeeeeeeeegggg"
                               "gggghhhhiiiiiiiiiiiijjkkklllllll"
                               "lllnnnnnnnnnoooooo++rrrrrrssssss"
                               "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(unmarked) - 1 == 0x180 - 0xC0, "one letter for each code point");

/* U+0430 to U+044F. */
static const char *const cyrillic[] = {"a",  "b",  "v",  "g",  "d", "e", "zh", "z", "i",  "y", "k",
                                       "l",  "m",  "n",  "o",  "p", "r", "s",  "t", "u",  "f", "h",
                                       "ts", "ch", "sh", "sh", "",  "y", "",   "e", "yu", "ya"};

enum letter_class { CLASS_BREAK, CLASS_LOWER, CLASS_UPPER, CLASS_DIGIT };

static enum letter_class classify(int32_t point)
{
    if (point >= '0' && point <= '9')
        return CLASS_DIGIT;
    if ((point >= 'A' && point <= 'Z') || (point >= 0x410 && point <= 0x42F))
        return CLASS_UPPER;
    if (point >= 0x80 || (point >= 'a' && point <= 'z'))
        return CLASS_LOWER;
    return CLASS_BREAK;
}

static const char *find_pair(char letter)
{
    switch (letter) {
    case '*':
        return "ae";
    case '+':
        return "oe";
    case '~':
        return "ue";
    case '#':
        return "ss";
    default:
        return NULL;
    }
}

static void add_text(struct split *split, const char *text, size_t len)
{
    if (split->len + len > LETTERS_MAX)
        return;
    memcpy(split->letters + split->len, text, len);
    split->len += len;
}

static void add_letter(struct split *split, int32_t point, struct span bytes)
{
    char letter = (char)(point < 0x80 ? point : 'x');

    if (point >= 0x400 && point < 0x460) {
        int32_t lower = point == 0x401 || point == 0x451 ? 0x435
                        : point < 0x410 || point > 0x44F ? 0x438
                        : point < 0x430                  ? point + 0x20
                                                         : point;
        const char *text = cyrillic[lower - 0x430];
        add_text(split, text, strlen(text));
        return;
    }
    if (point >= 0x180) {
        add_text(split, bytes.ptr, bytes.len);
        return;
    }
    if (point >= 'A' && point <= 'Z')
        letter = (char)(point - 'A' + 'a');
    if (point >= 0xC0) {
        letter = unmarked[point - 0xC0];
        const char *pair = find_pair(letter);
        if (pair) {
            add_text(split, pair, split->is_plain && letter != '#' ? 1 : 2);
            return;
        }
    }
    if (letter != ' ')
        add_text(split, &letter, 1);
}

static void begin_word(struct split *split)
{
    bool is_fresh = split->count > 0 && split->starts[split->count - 1] == split->len;

    if (!is_fresh && split->count < WORDS_MAX)
        split->starts[split->count++] = split->len;
}

/* A word begins behind a break, at a capital after a small letter, at the last of several capitals
 * before a small letter (XMLFile), and where digits begin or end. */
static bool is_boundary(enum letter_class before, enum letter_class now, enum letter_class next)
{
    if (before == CLASS_BREAK || (before == CLASS_DIGIT) != (now == CLASS_DIGIT))
        return true;
    return now == CLASS_UPPER && (before == CLASS_LOWER || next == CLASS_LOWER);
}

static void end_split(struct split *split)
{
    if (split->count > 0 && split->starts[split->count - 1] == split->len)
        split->count--; /* nothing but marks behind the last start */
    split->starts[split->count] = split->len;
    split->letters[split->len] = '\0';
}

static void split_text(const char *name, struct split *split)
{
    const char *at = name, *end = name + strlen(name);
    enum letter_class before = CLASS_BREAK;

    split->len = 0;
    split->count = 0;
    while (at < end) {
        const char *start = at;
        int32_t point = utf8_next(&at, end);
        const char *ahead = at;
        enum letter_class now = classify(point < 0 ? 'x' : point);
        enum letter_class next = at < end ? classify(utf8_next(&ahead, end)) : CLASS_BREAK;
        if (now != CLASS_BREAK && is_boundary(before, now, next))
            begin_word(split);
        if (now != CLASS_BREAK)
            add_letter(split, point < 0 ? 'x' : point, span_make(start, (size_t)(at - start)));
        before = now;
    }
    end_split(split);
}

void name_split(const char *name, struct split *split)
{
    split->is_plain = false;
    split_text(name, split);
}

void name_split_plain(const char *name, struct split *split)
{
    split->is_plain = true;
    split_text(name, split);
}

void split_add(struct split *split, struct span letters)
{
    begin_word(split);
    add_text(split, letters.ptr, letters.len);
    end_split(split);
}

struct span split_word(const struct split *split, size_t word)
{
    assert(word < split->count);
    return span_make(split->letters + split->starts[word],
                     split->starts[word + 1] - split->starts[word]);
}

static bool is_run(const struct split *split, size_t first, struct span letters, size_t *behind)
{
    size_t start = split->starts[first];

    assert(first < split->count && letters.len > 0);
    if (split->len - start < letters.len ||
        memcmp(split->letters + start, letters.ptr, letters.len) != 0)
        return false;
    for (size_t w = first + 1; w <= split->count; w++) {
        if (split->starts[w] - start > letters.len)
            return false;
        *behind = w;
        if (split->starts[w] - start == letters.len)
            return true;
    }
    return false;
}

bool split_has_run(const struct split *split, struct span letters, size_t *behind)
{
    for (size_t w = 0; w < split->count; w++)
        if (is_run(split, w, letters, behind))
            return true;
    return false;
}

bool split_has_letters(const struct split *split, struct span letters, size_t *behind)
{
    const char *found = memmem(split->letters, split->len, letters.ptr, letters.len);

    if (!found)
        return false;
    size_t end = (size_t)(found - split->letters) + letters.len;
    for (*behind = 0; *behind < split->count && split->starts[*behind] < end; (*behind)++)
        continue;
    return true;
}
