/* The mark on a PostgreSQL database is its comment: shared, transactional, readable by all. */
#include "stage/pg_stage.h"

#include "base/clock.h"

bool pg_mark_comment(struct db *db, const char *database, const struct mark *mark,
                     struct error *err)
{
    struct buf text, sql;

    buf_init(&text, 1 << 16);
    buf_init(&sql, 1 << 17);
    bool is_written = mark_write(mark, &text);
    if (is_written) {
        buf_add_text(&sql, "COMMENT ON DATABASE ");
        pg_quote_name(&sql, database);
        buf_add_text(&sql, " IS ");
        pg_quote_literal(&sql, buf_text(&text));
    }
    bool is_set = is_written && buf_ok(&sql) ? pg_run(db, buf_text(&sql), err) : error_memory(err);
    buf_release(&text);
    buf_release(&sql);
    return is_set;
}

/* FORCE comes last of all, so that the checks before it, made as the owner, see every row. */
static bool force_row_security(struct pg_stage *stage, struct db *db, struct error *err)
{
    for (size_t i = 0; i < stage->forced.count; i++) {
        if (!pg_run(db, stage->forced.steps[i].sql, err))
            return error_context(err, "%s", stage->forced.steps[i].object);
    }
    return true;
}

bool pg_stage_mark(struct stage *base, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    struct db *db;

    if (!pg_stage_filling(stage, &db, err) || !force_row_security(stage, db, err))
        return false;
    stage->mark.finished_us = clock_now_us();
    if (!stage->is_created)
        stage->mark.state = MARK_CURRENT; /* mode empty: there is no swap */
    return pg_mark_comment(stage->admin, base->database, &stage->mark, err);
}
