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

/* Does the text qualify a name with that schema's? */
bool my_program_mentions(struct span sql, const char *schema);

#endif
