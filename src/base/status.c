/* The outcomes as tables, read from status.def. */
#include "base/status.h"

#include "base/common.h"

static const int exit_codes[] = {
#define STATUS(name, exit_code, label, text) [STATUS_##name] = (exit_code),
#include "base/status.def"
#undef STATUS
};
static const char *const labels[] = {
#define STATUS(name, exit_code, label, text) [STATUS_##name] = (label),
#include "base/status.def"
#undef STATUS
};
static const char *const texts[] = {
#define STATUS(name, exit_code, label, text) [STATUS_##name] = (text),
#include "base/status.def"
#undef STATUS
};
_Static_assert(COUNT_OF(exit_codes) == STATUS_COUNT, "one exit code a status");

int status_exit_code(enum status status)
{
    assert((unsigned)status < STATUS_COUNT);
    return exit_codes[status];
}

const char *status_label(enum status status)
{
    assert((unsigned)status < STATUS_COUNT);
    return labels[status];
}

const char *status_text(enum status status)
{
    assert((unsigned)status < STATUS_COUNT);
    return texts[status];
}
