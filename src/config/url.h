/* Which engine a connection string means, whether it holds a password, and how it may be shown. */
#ifndef UNDERSTUDY_CONFIG_URL_H
#define UNDERSTUDY_CONFIG_URL_H

#include "base/arena.h"
#include "base/error.h"

enum engine { ENGINE_POSTGRESQL, ENGINE_MYSQL };

/* postgres:// postgresql:// service= or libpq key words, mysql:// mariadb://. */
bool url_engine(const char *url, enum engine *engine, struct error *err);
/* STATUS_POLICY when a password is written in the URL (user part, password= or passwd= word, or
 * URI query); `where` is "on the command line" or "in the profile". */
bool url_refuse_password(const char *url, const char *where, struct error *err);

#endif
