/* Views, triggers, routines and events as text: what SHOW CREATE prints, rewritten for another
 * schema and another definer. Bodies are never touched: they are text of production's own. Pure
 * text: no server. */
#ifndef UNDERSTUDY_STAGE_MY_PROGRAM_H
#define UNDERSTUDY_STAGE_MY_PROGRAM_H

#include "base/error.h"
#include "db/my_scan.h"

/* In the order in which they are made: a view may call functions; events come last. */
enum my_program_kind {
    MY_PROGRAM_PACKAGE,
    MY_PROGRAM_PACKAGE_BODY,
    MY_PROGRAM_FUNCTION,
    MY_PROGRAM_PROCEDURE,
    MY_PROGRAM_VIEW,
    MY_PROGRAM_TRIGGER,
    MY_PROGRAM_EVENT,
    MY_PROGRAM_KINDS
};

struct my_program {
    enum my_program_kind kind;
    const char *name;
    struct span sql;       /* the CREATE statement, in the character set of `client` */
    const char *client;    /* character_set_client it was written under */
    const char *collation; /* collation_connection */
    const char *mode;      /* sql_mode; NULL: none is kept (views) */
    const char *zone;      /* events: their time zone; NULL elsewhere */
    bool is_broken;        /* a view that the source cannot read either */
    bool is_unmapped;      /* it had a definer, who is nobody in staging: whoever creates it */
    bool is_gone;          /* it needs what staging does not get, and is listed */
};

/* "VIEW", "PACKAGE BODY": as SQL says it, and as our messages do ("view"). */
const char *my_program_word(enum my_program_kind kind);
const char *my_program_name(enum my_program_kind kind);

/* The account in DEFINER=: `host` NULL for a role; both NULL where there is no such clause. In
 * `arena`. */
bool my_program_definer(struct span sql, struct arena *arena, const char **user, const char **host,
                        struct error *err);

struct my_rewrite {
    const char *schema;  /* taken off names that the server printed, or that say what it is on */
    const char *definer; /* quoted: `app`@`%`; NULL: none is said, so whoever creates it */
    bool keeps_definer;  /* as it stands */
    bool keeps_state;    /* an event as it stands, not DISABLED */
};

/* Appends the statement for a schema that is the connection's default one: views with all names in
 * reach of it, triggers on the plain name of their table, events DISABLED. STATUS_LOCAL when the
 * text is not what SHOW CREATE prints. */
bool my_program_rewrite(const struct my_program *program, const struct my_rewrite *rewrite,
                        struct buf *out, struct error *err);

/* What a text names beyond the schema that it is to stand in. */
struct my_reach {
    size_t package_count; /* given: among these are MariaDB's packages, whose routines are called */
    const struct my_program *packages; /* as if the package were a schema */
    bool is_own;    /* it names the schema asked for, in a view only where that is no table */
    bool is_other;  /* it names another one that is not the server's own */
    bool is_hidden; /* it runs SQL that is put together then, or is written in another language */
};

/* my_reach.c. Of a program as it is to be made. */
void my_program_reach(const struct my_program *program, const char *schema, struct my_reach *reach);

#endif
