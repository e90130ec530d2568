/* What every file may use: counts, unused marks, minima, printf attributes. */
#ifndef UNDERSTUDY_BASE_COMMON_H
#define UNDERSTUDY_BASE_COMMON_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT_OF(array)          (sizeof(array) / sizeof((array)[0]))
#define UNUSED(name)             (void)(name)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* AUTO(FILE) FILE *file = ...; frees itself when it leaves its scope. A type takes part by
 * defining `static inline void auto_free_NAME(NAME **handle)`; see AUTO_DEFINE. Only for
 * handles that an arena cannot own: files, connections, sets. */
#define AUTO(name) __attribute__((cleanup(auto_free_##name)))
#define AUTO_DEFINE(name, type, release)                                                           \
    static inline void auto_free_##name(type **handle)                                             \
    {                                                                                              \
        if (*handle)                                                                               \
            release(*handle);                                                                      \
    }

#endif
