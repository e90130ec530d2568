/* What lies between tables: every reference that rows of a surveyed table hold is looked up in a
 * store of the parent's keys while the row passes by, and yields the strata of fan-out, orphans,
 * graphs, diamonds and differences across an edge.
 *
 * The core (survey.c) drives it: tables one after the other, parents before their children as far
 * as cycles allow. A table that links_wants is read like a surveyed one, but for links alone: its
 * rows are parents of surveyed rows, though they are not surveyed themselves.
 *
 *     links_begin
 *     for each table, parents first, that is surveyed or that links_wants:
 *         links_needs, links_fields       what has to be read of it
 *         links_table_begin
 *         links_batch                     for each batch, from any number of threads
 *         links_table_end                 strata of its rows, and of parents whose last child it is
 *     links_free
 *
 * All stores together stay under an eighth of the request's memory (128 MiB where it has no
 * ceiling). Beyond that a store keeps a slice of its keys, the same whatever the order of rows;
 * numbers are scaled and a gap says so. */
#ifndef UNDERSTUDY_SURVEY_LINKS_H
#define UNDERSTUDY_SURVEY_LINKS_H

#include "survey/detector.h"

struct links;

/* Reads nothing yet. The request must outlive it. */
bool links_begin(const struct survey_request *request, struct links **links, struct error *err);
void links_free(struct links *links);

/* True for a table that is present and not surveyed, whose keys and attributes are needed. */
bool links_wants(const struct links *links, const struct table *table);
/* True when the raw cells of this column must be in the batches (survey_cells.cells), however wide
 * it is and whether tails ignore it or not; times and numbers too where its form has them. */
bool links_needs(const struct links *links, const struct column *column);
/* Further fields to read of the table, behind its columns: discriminators, JSON paths, columns that
 * are not among bound_table.columns. Returns their number. */
size_t links_fields(const struct links *links, const struct table *table,
                    const struct field **fields);

/* `table` and its columns stay until links_table_end. */
bool links_table_begin(struct links *links, const struct survey_table *table, struct error *err);
/* extras[i][row]: the raw cell of field i of links_fields; NULL where there are none. */
bool links_batch(struct links *links, const struct survey_batch *batch,
                 const struct span *const *extras, struct error *err);
/* When all batches are through. Strata of other tables than the one that ends (parents by their
 * fan-out) are given with draft.table; whether they are rare is judged here (is_rare_always).
 * `strata` belongs to the table that ends; of a table that only links wanted too. */
bool links_table_end(struct links *links, struct strata *strata, struct error *err);

size_t links_bytes(const struct links *links); /* of all stores, now */

#endif
