/* What the files of the help share: how it is set on the page, and its refusals. Everything is
 * appended to a buf, whose failure shows at the end. */
#ifndef UNDERSTUDY_API_HELP_H
#define UNDERSTUDY_API_HELP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "transform/transform.h"

#define HELP_WIDTH   79 /* columns of a line */
#define HELP_CEILING ((size_t)1 << 20)

/* Appends `text`, which begins at column `column`, in lines of at most HELP_WIDTH; all but the
 * first begin with `indent` blanks. Breaks at blanks and line ends; a word that is longer than a
 * line stands alone. */
void help_add_wrapped(struct buf *out, const char *text, size_t indent, size_t column);
void help_add_paragraph(struct buf *out, const char *text);
/* "  LEFT   right", right wrapped under itself from column `indent` on; where LEFT reaches that
 * far, right begins on a line of its own. */
void help_add_row(struct buf *out, size_t indent, const char *left, const char *right);
void help_add_lines(struct buf *out, const char *const *lines, size_t count);
/* Text of one or more lines, each behind `indent` blanks. */
void help_add_indented(struct buf *out, const char *text, size_t indent);

void help_add_rules(struct buf *out); /* every rule with its line */
/* What the registry knows of one rule. */
void help_add_rule(struct buf *out, const struct transform *transform);

void help_add_detectors(struct buf *out); /* tails, and every detector with its line */

/* "there is no command 'plna'", with the nearest one; false. */
bool help_refuse_command(const char *word, struct arena *arena, struct error *err);

#endif
