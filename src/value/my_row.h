/* Rows of MySQL. As they are read: the cells of the protocol's text row one behind the other, each
 * with its length in front (1 byte up to 250; 0xfc, 0xfd, 0xfe: 2, 3, 8 bytes, least first), a
 * single 0xfb for NULL. As they are written: a line of LOAD DATA, tabs between the fields, a line
 * feed at the end, \N for NULL, and a backslash before what is one of these or a NUL. */
#ifndef UNDERSTUDY_VALUE_MY_ROW_H
#define UNDERSTUDY_VALUE_MY_ROW_H

#include "base/buf.h"
#include "base/common.h"
#include "base/span.h"

/* Appends one cell of a row as it is read; ptr NULL: NULL. */
void my_row_add(struct buf *row, struct span cell);

/* The same into room for MY_LENGTH_MOST bytes more than the cell's; returns the place behind it. */
#define MY_LENGTH_MOST 9
char *my_row_put(char *at, struct span cell);

/* Takes the next cell, borrowed, off the front of a row as it is read. false: none is there, or it
 * reaches beyond the end. */
bool my_row_take(struct span *rest, struct span *cell);

/* Appends one field of a row as it is written, without what stands between fields. */
void my_field_add(struct buf *line, struct span cell);

#endif
