/* pg_restore of the edited list, one section at a time, straight into the new database. */
#include "stage/child.h"
#include "stage/pg_stage.h"

#include "base/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGES_MAX (1 << 16)

/* The sentence for what pg_restore met. Its own text is not passed on: it may quote values. */
static const char *restore_words(const char *messages)
{
    static const struct {
        const char *said, *words;
    } known[] = {
        {"permission denied", "lacks a privilege on the target"},
        {"must be owner", "lacks a privilege on the target"},
        {"must be superuser", "needs a superuser on the target"},
        {"already exists", "found that it exists already"},
        {"is not available", "needs an extension that the target's server lacks"},
        {"could not create unique index", "found equal values where they must be unique"},
        {"violates foreign key constraint", "found a reference to a row that is not there"},
        {"violates check constraint", "found a row that the CHECK forbids"},
        {"No space left on device", "found no space on the target"},
        {"unrecognized", "said what the target does not know: programs of the source's version, of "
                         "their last release, may do"},
        {"does not exist", "needs something that does not exist on the target"},
        {"deadlock detected", "met a deadlock with another session of the target"},
        {"canceling statement", "was cancelled or waited too long for a lock"},
        {"connection to server", "lost the target"},
        {"could not connect", "could not reach the target"}};

    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (strstr(messages, known[i].said))
            return known[i].words;
    }
    return "failed";
}

/* The entry it was at, which it says only with --verbose: "pg_restore: from TOC entry 3257; ..." */
static const struct pg_entry *restore_entry(const struct pg_stage *stage, const char *messages)
{
    static const char words[] = "from TOC entry ";
    const char *found = strstr(messages, words);

    if (!found)
        return NULL;
    return pg_list_number(&stage->list, (uint32_t)strtoul(found + strlen(words), NULL, 10));
}

/* Where the messages begin to speak of the fault. The workers of pg_restore write a line in several
 * pieces, so that its prefix may stand apart from it; what the server said comes in one. */
static const char *restore_fault(const char *messages)
{
    static const char *const begins[] = {"ERROR:  ", "FATAL:  ", "pg_restore: error: ", "error: "};

    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        const char *found = strstr(messages, begins[i]);

        if (found)
            return found;
    }
    return "";
}

static bool restore_error(struct pg_stage *stage, const char *messages, int code, struct error *err)
{
    const struct pg_entry *entry = restore_entry(stage, messages);

    error_set(err, STATUS_TARGET, "pg_restore %s (exit code %d)",
              restore_words(restore_fault(messages)), code);
    if (!entry)
        return false;
    return error_context(err, "%s", words_printable(stage->base.arena, entry->text));
}

/* The edited list in a memory file; -1 with err. */
static int list_file(const struct pg_stage *stage, struct error *err)
{
    int file = memory_file("list");
    struct buf text;

    buf_init(&text, (size_t)1 << 28);
    pg_list_write(&stage->list, &text);
    bool is_written = file >= 0 && buf_ok(&text) && memory_file_write(file, text.ptr, text.len);
    buf_release(&text);
    if (is_written)
        return file;
    error_set_errno(err, STATUS_LOCAL, "no memory file for the list of pg_restore");
    if (file >= 0)
        close(file);
    return -1;
}

struct restore {
    char section[32], jobs[24], list[48], archive[32];
    int kept[2];
    const char *connection, *password;
};

static bool restore_run(struct pg_stage *stage, struct restore *restore, struct error *err)
{
    const char *database = arena_printf(stage->base.arena, "--dbname=%s", restore->connection);
    const char *const argv[] = {"pg_restore",
                                "--verbose",
                                "--exit-on-error",
                                "--no-owner",
                                "--no-privileges",
                                "--no-password",
                                "--no-tablespaces",
                                restore->section,
                                restore->jobs,
                                restore->list,
                                database,
                                restore->archive,
                                NULL};
    struct buf messages;
    int code = -1;

    if (!database)
        return error_memory(err);
    buf_init(&messages, MESSAGES_MAX);
    struct child child = {.program = stage->tools.restore,
                          .argv = argv,
                          .password = restore->password,
                          .output = -1,
                          .kept = restore->kept,
                          .kept_count = COUNT_OF(restore->kept),
                          .is_cancelled = &stage->is_cancelled,
                          .messages = &messages};
    bool is_done = child_run(&child, &code, err);
    if (is_done && code != 0)
        is_done = restore_error(stage, buf_text(&messages), code, err);
    buf_release(&messages);
    return is_done;
}

bool pg_schema_restore(struct pg_stage *stage, const char *section, int jobs, struct error *err)
{
    struct restore restore;
    int list = list_file(stage, err);

    assert(jobs > 0);
    if (list < 0)
        return false;
    snprintf(restore.section, sizeof(restore.section), "--section=%s", section);
    snprintf(restore.jobs, sizeof(restore.jobs), "--jobs=%d", jobs);
    snprintf(restore.list, sizeof(restore.list), "--use-list=/proc/self/fd/%d", list);
    snprintf(restore.archive, sizeof(restore.archive), "/proc/self/fd/%d", stage->archive);
    restore.kept[0] = list;
    restore.kept[1] = stage->archive;
    bool is_done = pg_child_connection(stage->admin, stage->base.database, stage->base.arena,
                                       &restore.connection, &restore.password, err) &&
                   restore_run(stage, &restore, err);
    close(list);
    return is_done || error_context(err, "%s", section);
}

bool pg_stage_schema_before(struct stage *base, struct db *source, const char *snapshot,
                            struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);

    return pg_schema_dump(stage, source, snapshot, err) && pg_gone_read(stage, source, err) &&
           pg_gone_drop(stage, err) && pg_foreign_keys_read(stage, source, err) &&
           pg_roles_read(stage, source, err) && pg_prepare_source(stage, source, err) &&
           pg_schema_restore(stage, "pre-data", 1, err) && pg_prepare_load(stage, err);
}
