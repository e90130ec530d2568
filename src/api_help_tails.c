/* What `understudy help tails` says: the detectors, from their own table, and the outcomes. */
#include "api_help.h"

#include "survey/detector.h"

enum { LEFT_COLUMNS = 18 };

static const struct detector *const detectors[] = {
#define DETECTOR(name) &detector_##name,
#include "survey/detectors.def"
#undef DETECTOR
};

#define LINE(text) text,
static const char *const lines[] = {
#include "config/help_tails.def"
};
#undef LINE

void help_add_tails(struct buf *out)
{
    help_add_paragraph(out, "Rows that a sample would miss are sought in every table of which "
                            "staging gets a part, by kinds:");
    buf_add_char(out, '\n');
    for (size_t i = 0; i < COUNT_OF(detectors); i++) {
        assert(detectors[i]->kind && detectors[i]->help);
        help_add_row(out, LEFT_COLUMNS + 2, detectors[i]->kind, detectors[i]->help);
    }
    buf_add_char(out, '\n');
    help_add_lines(out, lines, COUNT_OF(lines));
}
