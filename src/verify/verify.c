/* The checks in their order, and those that need only the read-back. */
#include "verify/verify.h"

#include "base/words.h"
#include "verify/verify_internal.h"

#include <math.h>

static const struct {
    const char *name;
    verify_check *run;
} checks[] = {
#define CHECK(name, function) {#name, function},
#include "verify/checks.def"
#undef CHECK
};

bool verify_say(struct verify_run *run, struct check_result *result, bool is_ok, const char *format,
                ...)
{
    va_list args;

    va_start(args, format);
    result->detail = arena_vprintf(run->arena, format, args);
    va_end(args);
    result->is_ok = is_ok && result->detail;
    return true;
}

bool verify_is_in_target(const struct binding *binding, const struct edge *edge)
{
    return binding->tables[edge->child->index].role != ROLE_EXCLUDED &&
           binding->tables[edge->parent->index].role != ROLE_EXCLUDED;
}

static bool is_changed(const struct verify_run *run, size_t table)
{
    return run->tables[table].rows != run->config->selection->tables[table].row_count ||
           run->tables[table].checksum != run->config->copied->tables[table].checksum;
}

/* Tables that the profile's own SQL has changed behind the load. */
static bool changes_find(const struct verify_run *run, struct verification *verification,
                         struct error *err)
{
    const struct binding *binding = run->config->selection->binding;

    verification->changed_count = 0;
    verification->changed =
        ARENA_ARRAY(run->arena, binding->catalog->table_count + 1, const char *);
    if (!verification->changed)
        return error_memory(err);
    for (size_t i = 0; i < binding->catalog->table_count; i++)
        if (binding->tables[i].column_count && is_changed(run, i))
            verification->changed[verification->changed_count++] = binding->tables[i].table->label;
    return true;
}

bool verify_rows(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct selection *selection = run->config->selection;
    const struct binding *binding = selection->binding;

    UNUSED(err);
    if (run->config->is_after_load)
        return verify_say(run, result, true,
                          "every table held the rows that were chosen, before "
                          "after_load");
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        uint64_t chosen = selection->tables[i].row_count, found = run->tables[i].rows;

        if (binding->tables[i].column_count && chosen != found)
            return verify_say(run, result, false, "table %s holds %llu rows, %llu were chosen",
                              binding->tables[i].table->label, (unsigned long long)found,
                              (unsigned long long)chosen);
    }
    return verify_say(run, result, true, "every table holds the rows that were chosen");
}

bool verify_checksums(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct binding *binding = run->config->selection->binding;

    UNUSED(err);
    if (run->config->is_after_load)
        return verify_say(run, result, true,
                          "what was read back was what was sent, before "
                          "after_load");
    for (size_t i = 0; i < binding->catalog->table_count; i++)
        if (run->tables[i].checksum != run->config->copied->tables[i].checksum)
            return verify_say(run, result, false, "table %s does not hold what was sent",
                              binding->tables[i].table->label);
    return verify_say(run, result, true, "what was read back is what was sent");
}

/* More numbers than chance explains, with five standard deviations to spare. */
static bool numbers_leak(const struct readback_table *table)
{
    return (double)table->number_leaks >
           table->numbers_by_chance + 5 * sqrt(table->numbers_by_chance);
}

bool verify_leaks(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    const struct leak_set *leaks = run->config->copied->leaks;
    uint64_t dense = 0, chance = 0, lone_words = 0;

    UNUSED(err);
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct copied_table *copied = &run->config->copied->tables[i];
        const char *label = binding->tables[i].table->label;

        dense += run->tables[i].dense_leaks;
        chance += run->tables[i].number_leaks;
        lone_words += copied->lone_words;
        if (copied->leaked)
            return verify_say(run, result, false,
                              "%llu rows of %s hold in column %s what column %s hides",
                              (unsigned long long)copied->leaked, label,
                              words_printable(run->arena, copied->leaked_to->column->name),
                              words_printable(run->arena, copied->leaked_from->column->name));
        if (run->tables[i].leaks)
            return verify_say(run, result, false,
                              "%llu cells of %s hold an identifying value of production, first in "
                              "column %s",
                              (unsigned long long)run->tables[i].leaks, label,
                              words_printable(run->arena, run->tables[i].leaking->column->name));
        if (numbers_leak(&run->tables[i]))
            return verify_say(
                run, result, false,
                "%llu numbers of %s are identifying numbers of production, %.0f were to be "
                "expected by chance; the first in column %s",
                (unsigned long long)run->tables[i].number_leaks, label,
                run->tables[i].numbers_by_chance,
                words_printable(run->arena, run->tables[i].numbers_leaking->column->name));
    }
    return verify_say(
        run, result, true,
        "%zu identifying values and tokens sought; %llu chance hits in columns drawn from "
        "dictionaries or accepted; %llu rows hold a lone word that a rule hides in them",
        leaks ? leak_set_count(leaks) : 0, (unsigned long long)dense + chance,
        (unsigned long long)lone_words);
}

bool verify_pins(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct selection *selection = run->config->selection;

    UNUSED(err);
    for (size_t i = 0; i < selection->binding->pin_count; i++)
        if (selection->pins[i].kept != selection->pins[i].source_rows)
            return verify_say(run, result, false, "pin %zu kept %llu of %llu rows of %s", i + 1,
                              (unsigned long long)selection->pins[i].kept,
                              (unsigned long long)selection->pins[i].source_rows,
                              selection->binding->pins[i].table->table->label);
    return verify_say(run, result, true, "%zu pins, every row they match is kept",
                      selection->binding->pin_count);
}

bool verify_database(const struct verify_config *config, struct arena *arena,
                     struct verification *verification, struct error *err)
{
    struct verify_run run = {.config = config, .arena = arena};
    const struct check_result *first = NULL;

    verification->count = 0;
    verification->results = ARENA_ARRAY(arena, COUNT_OF(checks), struct check_result);
    if (!verification->results)
        return error_memory(err);
    if (!verify_read_back(&run, err) ||
        (config->is_after_load && !changes_find(&run, verification, err)))
        return false;
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct check_result *result = &verification->results[verification->count];

        result->check = checks[i].name;
        if (control_is_interrupted(config->control))
            return control_error(config->control, err);
        if (!checks[i].run(&run, result, err))
            return error_context(err, "check '%s'", checks[i].name);
        verification->count++;
        if (!result->is_ok && !first)
            first = result;
    }
    if (!first)
        return true;
    error_set(err, STATUS_VERIFICATION, "%s", first->detail ? first->detail : "out of memory");
    return error_context(err, "check '%s'", first->check);
}
