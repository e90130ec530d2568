/* profiles/names.yaml as the program was built with it; see scripts/embed. */
#ifndef UNDERSTUDY_DETECT_NAMES_TEXT_H
#define UNDERSTUDY_DETECT_NAMES_TEXT_H

#include <stddef.h>

extern const unsigned char names_text[];
extern const size_t names_text_size;

#endif
