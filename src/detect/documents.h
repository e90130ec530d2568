/* What stands at which path of JSON documents: a tally for each member that holds texts. Counts
 * only, as everywhere in a sample; the names of members are kept where several documents have
 * them and they look like identifiers, for others are data. */
#ifndef UNDERSTUDY_DETECT_DOCUMENTS_H
#define UNDERSTUDY_DETECT_DOCUMENTS_H

#include "detect/detect.h"

struct documents;

struct documents *documents_new(void); /* NULL: out of memory */
void documents_free(struct documents *documents);
/* What is no JSON is left out. False: out of memory. */
bool documents_add(struct documents *documents, struct span text);
/* Fills facts->paths, sorted; memory from `arena`. */
bool documents_finish(struct documents *documents, struct arena *arena, struct sample_facts *facts,
                      struct error *err);

/* Counts what the text looks like. */
void evidence_add(struct sample_facts *facts, struct span text);
/* A tally that takes no documents apart; see sample.h. */
struct tally *tally_new_inside(const struct type *type);

#endif
