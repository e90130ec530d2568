/* What `understudy help tails` says: what a run looks for beside its sample, from the rows of the
 * detectors. */
#include "api_help.h"
#include "survey/core.h"

enum { KIND_COLUMNS = 20 };

static const char tails_before[] =
    "A sample loses what is rare: the retired status, the customer with most orders, the parcel "
    "that arrived before it was sent. So a run reads every table that is sampled once, looks for "
    "sets of few rows that somebody would miss, and takes a few rows of each along, with what they "
    "refer to.";

#define LINE(text) text,
static const char *const tails_after[] = {
#include "config/help_tails.def"
};
#undef LINE

void help_add_detectors(struct buf *out)
{
    help_add_paragraph(out, tails_before);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < survey_detector_count; i++)
        help_add_row(out, KIND_COLUMNS, survey_detectors[i]->kind, survey_detectors[i]->help);
    buf_add_char(out, '\n');
    help_add_lines(out, tails_after, COUNT_OF(tails_after));
}
