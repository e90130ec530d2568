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

static const char tails_after[] =
    "A set is rare when it holds at most tails.rare of a table's rows. tails.per_stratum rows of "
    "it are sought, as long as tails.budget lasts; each set gets its first row before any gets a "
    "second. Columns under tails.ignore have no part in it. A set whose columns get a rule that "
    "hides what it is about is reported as masked_away and not sought. The report says of each "
    "what became of it; `understudy plan` says it before anything moves, `understudy help profile` "
    "how it is written. Rows that must come whatever the budget are pins.";

void help_add_detectors(struct buf *out)
{
    help_add_paragraph(out, tails_before);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < survey_detector_count; i++)
        help_add_row(out, KIND_COLUMNS, survey_detectors[i]->kind, survey_detectors[i]->help);
    buf_add_char(out, '\n');
    help_add_paragraph(out, tails_after);
}
