/* The smallest valid file of a kind, which stands for every file of it. */
#ifndef UNDERSTUDY_TRANSFORM_REDACT_FILE_H
#define UNDERSTUDY_TRANSFORM_REDACT_FILE_H

#include "base/span.h"

/* For bytes that begin as a PNG, JPEG, GIF, PDF, ZIP or gzip file does: an image of one pixel, an
 * empty page, nothing packed. ptr NULL: no such file. Constant memory. */
struct span file_stand_in(struct span bytes);

#endif
