/* Lists of values from the profile and from files. */
#include "transform/lookup_list.h"

#include "base/utf8.h"
#include "base/words.h"
#include "transform/literal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VALUES_MAX = 1000000 };
#define FILE_MAX ((off_t)16 << 20)

bool lookup_list_add(struct lookup_list *list, const struct transform_site *site,
                     const struct yaml_node *node, uint64_t weight, struct error *err)
{
    const uint64_t before = list->count ? list->ends[list->count - 1] : 0;
    struct value value;

    assert(weight > 0 && weight <= (uint64_t)1 << 40);
    if (list->count == VALUES_MAX)
        return yaml_error(node, err, "more than %d values", VALUES_MAX);
    if (!literal_read(site, node, list->arena, &value, err))
        return false;
    list->values = arena_grow(list->arena, list->values, list->count, &list->value_capacity,
                              sizeof(*list->values));
    list->ends =
        arena_grow(list->arena, list->ends, list->count, &list->end_capacity, sizeof(*list->ends));
    if (!list->values || !list->ends)
        return error_memory(err);
    list->values[list->count] = value;
    list->ends[list->count++] = before + weight;
    return true;
}

static const char *path_of(const struct yaml_node *node, const char *name, struct arena *arena)
{
    const char *slash = strrchr(node->file, '/');
    const int folder = slash && name[0] != '/' ? (int)(slash - node->file) + 1 : 0;

    return arena_printf(arena, "%.*s%s", folder, node->file, name);
}

static bool bytes_read(int file, char *bytes, size_t size)
{
    size_t have = 0;

    while (have < size) {
        const ssize_t got = read(file, bytes + have, size - have);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return true;
}

/* Neither a pipe, which might never end, nor a device. */
static bool file_load(const struct yaml_node *node, const char *path, struct arena *arena,
                      struct span *text, struct error *err)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    char *bytes = NULL;
    bool is_read;

    if (file < 0 || fstat(file, &status) != 0) {
        (void)error_set_errno(err, STATUS_PROFILE, "the file of the lookup cannot be opened");
        if (file >= 0)
            (void)close(file);
        return yaml_error_place(node, err);
    }
    is_read = S_ISREG(status.st_mode) && status.st_size <= FILE_MAX;
    if (is_read) {
        bytes = arena_alloc(arena, (size_t)status.st_size + 1);
        is_read = bytes && bytes_read(file, bytes, (size_t)status.st_size);
    }
    (void)close(file);
    if (!is_read && !S_ISREG(status.st_mode))
        return yaml_error(node, err, "the file of the lookup is no regular file");
    if (!is_read && status.st_size > FILE_MAX)
        return yaml_error(node, err, "the file of the lookup is larger than 16 MiB");
    if (!is_read)
        return bytes ? yaml_error(node, err, "the file of the lookup cannot be read")
                     : error_memory(err);
    *text = span_make(bytes, (size_t)status.st_size);
    return true;
}

static bool line_add(struct lookup_list *list, const struct transform_site *site,
                     struct yaml_node *line, struct span text, struct error *err)
{
    if (text.len > 0 && text.ptr[text.len - 1] == '\r')
        text.len--;
    if (text.len == 0)
        return yaml_error(line, err, "a line is empty");
    if (memchr(text.ptr, '\0', text.len) || !utf8_valid(text.ptr, text.len))
        return yaml_error(line, err, "a line is no UTF-8 text");
    line->text = line->raw = arena_strndup(list->arena, text.ptr, text.len);
    return line->text ? lookup_list_add(list, site, line, 1, err) : error_memory(err);
}

bool lookup_list_load(struct lookup_list *list, const struct transform_site *site,
                      const struct yaml_node *node, struct error *err)
{
    struct yaml_node line = {.kind = YAML_SCALAR, .column = 1, .is_plain = true};
    const char *name, *path;
    struct span text = {0};

    if (!yaml_read_string(node, &name, err))
        return false;
    path = path_of(node, name, list->arena);
    line.file = path ? words_printable(list->arena, path) : NULL;
    if (!line.file)
        return error_memory(err);
    if (!file_load(node, path, list->arena, &text, err))
        return false;
    for (const char *at = text.ptr, *end = at + text.len; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const size_t len = (size_t)((stop ? stop : end) - at);

        line.line++;
        if (!line_add(list, site, &line, span_make(at, len), err))
            return false;
        at += len + 1;
    }
    return list->count > 0 || yaml_error(node, err, "the file of the lookup is empty");
}
