/* Cuts names so that their suffix always stays whole. */
#include "stage/name.h"

#include "base/utf8.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

void name_with_suffix(const char *name, const char *suffix, char out[NAME_BYTES])
{
    size_t tail = strlen(suffix);
    size_t len = strlen(name);

    assert(tail < NAME_BYTES - 1);
    assert(len > 0);
    if (len > NAME_BYTES - 1 - tail)
        len = utf8_cut(name, NAME_BYTES - 1 - tail);
    memcpy(out, name, len);
    memcpy(out + len, suffix, tail + 1);
}

void name_of_old(const char *name, int64_t now_us, char out[NAME_BYTES])
{
    time_t seconds = (time_t)(now_us / 1000000);
    char suffix[32];
    struct tm utc;

    assert(now_us >= 0);
    if (!gmtime_r(&seconds, &utc) ||
        strftime(suffix, sizeof(suffix), "__old_%Y%m%dT%H%M%S", &utc) == 0)
        snprintf(suffix, sizeof(suffix), "__old_%lld", (long long)seconds);
    name_with_suffix(name, suffix, out);
}

void name_of_new(const char *name, const char *run, char out[NAME_BYTES])
{
    char suffix[32];
    int len = snprintf(suffix, sizeof(suffix), "__new_%s", run);

    assert(len > 0 && (size_t)len < sizeof(suffix));
    UNUSED(len);
    name_with_suffix(name, suffix, out);
}
