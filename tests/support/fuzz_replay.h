/* What a fuzzer once found, or began from, run again as a test. */
#ifndef UNDERSTUDY_TESTS_FUZZ_REPLAY_H
#define UNDERSTUDY_TESTS_FUZZ_REPLAY_H

#include <stddef.h>
#include <stdint.h>

typedef int fuzz_function(const uint8_t *data, size_t size);

/* Calls the function once with each file of the folder; how many there were. The test is that it
 * comes back. A folder that is not there has none. */
int fuzz_replay(const char *folder, fuzz_function *function);

#endif
