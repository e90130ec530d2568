/* Which targets are refused, and what runs that died leave. */
#include "my_case.h"

void case_add_target(Suite *suite)
{
    case_new(suite, "target");
}
