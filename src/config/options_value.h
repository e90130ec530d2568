/* What each option means: its value checked and put into struct options. */
#ifndef UNDERSTUDY_CONFIG_OPTIONS_VALUE_H
#define UNDERSTUDY_CONFIG_OPTIONS_VALUE_H

#include "config/options.h"

/* `value` is not empty, borrowed for as long as the options live. STATUS_USAGE names the option,
 * and the value only where it is one of a few words. */
bool option_set_value(struct options *options, const struct option_row *row, const char *value,
                      struct error *err);
bool option_set_switch(struct options *options, enum option_id id, struct error *err);

#endif
