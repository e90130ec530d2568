/* Fuzz target: any bytes as a mysql:// URL. Besides memory errors it looks for a refusal that names
 * no reason, and for a host that does not fit where the client libraries print it. */
#include "db/my_url.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct error err = {0};
    struct my_url url;

    if (size > 4096)
        return 0;
    const char *text = arena_printf(arena, "mysql://%.*s", (int)size, (const char *)bytes);
    if (my_url_parse(text, arena, &url, &err)) {
        if (url.host && strlen(url.host) > 255)
            abort();
    } else if (err.cause[0] == '\0') {
        abort();
    }
    return 0;
}
