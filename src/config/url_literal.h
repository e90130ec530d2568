/* Passwords in a connection string that is partly made of variables: what a variable brings is no
 * literal, what stands beside it is. */
#ifndef UNDERSTUDY_CONFIG_URL_LITERAL_H
#define UNDERSTUDY_CONFIG_URL_LITERAL_H

#include "config/url.h"

/* Stands for the text of one variable; a control character that no connection string holds. */
#define URL_STAND_IN '\001'

/* As url_refuse_password, where each variable is URL_STAND_IN (substitute_literal). A password
 * that is exactly one variable is none. */
bool url_refuse_literal_password(const char *literal, const char *where, struct error *err);

#endif
