/* The contents of a pg_dump archive as `pg_restore -l -v` prints them: entries with their dump
 * numbers, the source's catalog numbers and what they depend on. Editing goes by numbers only:
 * names stand there with line breaks flattened, and may hold anything. */
#ifndef UNDERSTUDY_STAGE_PG_LIST_H
#define UNDERSTUDY_STAGE_PG_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

struct pg_entry {
    uint32_t number;   /* of the dump */
    uint32_t class_id; /* the source's catalog and row: pg_class, 16415; 0, 0: none of its own */
    uint32_t object_id;
    const char *text; /* "FK CONSTRAINT public orders orders_customer_fk postgres": to be shown */
    size_t depends_count;
    uint32_t *depends;
    bool is_dropped;
};

struct pg_list {
    size_t count;
    struct pg_entry *entries; /* in order of restore */
};

/* STATUS_LOCAL when the text is not what pg_restore prints. Everything is in `arena`. */
bool pg_list_parse(struct span text, struct arena *arena, struct pg_list *list, struct error *err);

/* True when the entry is of that kind: "FOREIGN TABLE", "FK CONSTRAINT". */
bool pg_entry_is(const struct pg_entry *entry, const char *kind);
struct pg_entry *pg_list_find(const struct pg_list *list, uint32_t class_id, uint32_t object_id);
const struct pg_entry *pg_list_number(const struct pg_list *list, uint32_t number);

/* Drops everything that depends on something dropped, to a fixpoint. */
bool pg_list_close(struct pg_list *list, struct error *err);
/* The numbers of what stays, one a line: what pg_restore -L reads. */
void pg_list_write(const struct pg_list *list, struct buf *out);

#endif
