/* What the files behind the public API share: one command's state and the steps every command that
 * touches a database goes through. */
#ifndef UNDERSTUDY_API_INTERNAL_H
#define UNDERSTUDY_API_INTERNAL_H

#include "report/report.h"
#include "stage/stage.h"
#include "understudy/understudy.h"

#define UNDERSTUDY_VERSION "0.1.0"

struct understudy {
    struct arena *arena; /* owned: options and everything a command makes */
    struct options options;
    enum command_id command;
    struct error error;
    struct control control;
    understudy_progress_callback *progress;
    void *progress_context;
};

/* A run: what has been opened so far. Zeroed by session_init, released by session_release in any
 * state. */
struct session {
    struct understudy *understudy; /* borrowed */
    struct arena *arena;           /* owned */
    struct profile *profile;
    struct keyring *keyring;
    char key_fingerprint[17];
    char run[17];
    int64_t started_us;
    double started;
    const char *temporary_directory;
    struct db_config source_config, target_config;
    struct db *leader; /* holds the snapshot */
    bool reads_alone;  /* no further connections will read at it: init, check */
    const char *token;
    struct catalog *catalog;
    struct binding *binding;
    struct crew *crew;
    size_t reader_count; /* of the crew, at the snapshot */
    struct db **readers;
    struct survey *survey; /* NULL: tails.budget is 0 */
    struct selection *selection;
    bool counts_subjects; /* choosing counts the rows of each subject */
    struct copied *copied;
    struct verification verification;
    struct gathering *gathering; /* owned */
    struct ordering *ordering;   /* owned */
    struct likeness *likeness;   /* owned */
    struct fanning *fanning;     /* owned */
    struct fidelity *fidelity;   /* NULL: not measured */
    size_t order_count;
    struct order_count *orders; /* by edge that is compared */
    struct privacy privacy;
    bool has_privacy;
    const struct db_info *target_info;
    const char *target_database;
};

bool session_init(struct session *session, struct understudy *understudy);
void session_release(struct session *session);

/* Profile, overrides of the command line, key, the source's connection string: in one, or one
 * after the other in this order. */
bool session_read_profile(struct session *session, struct error *err);
bool session_open_profile(struct session *session, struct error *err);
bool session_read_key(struct session *session, struct error *err);
bool session_profile_source(struct session *session, struct error *err);
/* Leader connection, snapshot, catalog. */
bool session_open_source(struct session *session, struct error *err);
/* Only the connection strings: for init, which has no profile. */
bool session_source_url(struct session *session, const char *url, struct error *err);
bool session_target_url(struct session *session, struct error *err);
/* api_rights.c: every right at the source that is missing, of all tables of the catalog. */
bool session_find_denials(struct session *session, struct denial_list *denials, struct error *err);
/* Refuses the denials of tables that staging gets: the first, or, with faults, all of them (then it
 * fails only where memory ends). */
bool session_refuse_denials(const struct session *session, const struct denial_list *denials,
                            struct fault_list *faults, struct error *err);
/* True where a table that staging gets is denied by a server that hides columns from who may not
 * read them: nothing can be said of the profile then. */
bool session_lacks_columns(const struct session *session, const struct denial_list *denials);
/* Rights at the source and the profile against the schema. */
bool session_bind(struct session *session, struct fault_list *faults, struct error *err);
/* Locks what will be read, opens the readers, and surveys, where tails are sought. */
bool session_survey(struct session *session, struct error *err);
void session_readers(const struct session *session, struct readers *readers);
/* session_survey, and chooses. */
bool session_choose(struct session *session, struct error *err);

/* What stage/ is asked for; it borrows all of the session. */
void session_stage_request(const struct session *session, struct stage_request *request);

/* The report of the session as far as it went. */
void session_report(const struct session *session, struct report *report);

/* Writes to --output, or to `out`; never overwrites without --force. */
bool api_write_output(struct understudy *understudy, FILE *out, const struct buf *text,
                      struct error *err);
bool api_write_stream(FILE *out, const struct buf *text, struct error *err);
/* Fails where api_write_file would; NULL is fine. Makes the file when there is none. */
bool api_try_file(const char *path, struct error *err);
bool api_write_file(const char *path, const struct buf *text, struct error *err);

#endif
