/* The text codec on any bytes: the first byte chooses the type, the rest is a row of one field
 * and the cell of it. What decodes must encode to something that decodes to the same again. */
#include "fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_codec(&codec_pg_text, data, size);
    return 0;
}
