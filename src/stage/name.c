/* Cuts names so that their suffix always stays whole. */
#include "stage/name.h"

#include "base/utf8.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define POSTGRESQL_BYTES 63
#define MYSQL_CHARACTERS 64

/* The bytes of the first `count` characters, all of them where there are fewer. */
static size_t bytes_of(const char *name, size_t count)
{
    const char *at = name;
    const char *end = name + strlen(name);

    for (size_t i = 0; i < count && at < end; i++)
        (void)utf8_next(&at, end);
    return (size_t)(at - name);
}

void name_with_suffix(enum engine engine, const char *name, const char *suffix,
                      char out[NAME_BYTES])
{
    size_t tail = strlen(suffix);
    size_t len = strlen(name);

    assert(tail < MYSQL_CHARACTERS - 1);
    assert(len > 0);
    if (engine == ENGINE_MYSQL)
        len = bytes_of(name, MYSQL_CHARACTERS - tail);
    else if (len > POSTGRESQL_BYTES - tail)
        len = utf8_cut(name, POSTGRESQL_BYTES - tail);
    assert(len + tail < NAME_BYTES);
    memcpy(out, name, len);
    memcpy(out + len, suffix, tail + 1);
}

void name_of_old(enum engine engine, const char *name, int64_t now_us, char out[NAME_BYTES])
{
    time_t seconds = (time_t)(now_us / 1000000);
    char suffix[32];
    struct tm utc;

    assert(now_us >= 0);
    if (!gmtime_r(&seconds, &utc) ||
        strftime(suffix, sizeof(suffix), "__old_%Y%m%dT%H%M%S", &utc) == 0)
        snprintf(suffix, sizeof(suffix), "__old_%lld", (long long)seconds);
    name_with_suffix(engine, name, suffix, out);
}

bool name_read_old(enum engine engine, const char *target, const char *name, int64_t *then_us)
{
    size_t len = strlen(target);
    char given[NAME_BYTES];
    struct tm utc = {0};

    assert(len > 0);
    if (strncmp(name, target, len) != 0)
        return false;
    const char *end = strptime(name + len, "__old_%Y%m%dT%H%M%S", &utc);
    *then_us = end && *end == '\0' ? (int64_t)timegm(&utc) * 1000000 : -1;
    if (*then_us < 0)
        return false;
    name_of_old(engine, target, *then_us, given);
    return strcmp(name, given) == 0; /* digits have more than one way to be read */
}

void name_of_new(enum engine engine, const char *name, const char *run, char out[NAME_BYTES])
{
    char suffix[32];
    int len = snprintf(suffix, sizeof(suffix), "__new_%s", run);

    assert(len > 0 && (size_t)len < sizeof(suffix));
    UNUSED(len);
    name_with_suffix(engine, name, suffix, out);
}
