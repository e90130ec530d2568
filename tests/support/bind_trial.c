/* Tries of profiles against catalogs made by hand. */
#include "support/bind_trial.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

const char bind_shop_columns[] = "sample: { start: [ { table: customers, fraction: 0.1 } ] }\n"
                                 "subjects: [customers]\n"
                                 "columns:\n"
                                 "  customers:\n"
                                 "    id: permute\n"
                                 "    email: email\n"
                                 "    full_name: full_name\n"
                                 "    created_at: shift\n"
                                 "  orders:\n"
                                 "    id: permute\n"
                                 "    placed_at: shift\n"
                                 "    total: perturb\n"
                                 "    note: redact\n"
                                 "  lines:\n"
                                 "    number: { keep: counts within an order }\n"
                                 "    price: perturb\n";

static struct keyring *keyring_make(void)
{
    struct keyring *keyring = NULL;
    struct error err = {0};

    ck_assert_int_ge(sodium_init(), 0);
    uint8_t *master = sodium_malloc(32);
    ck_assert_ptr_nonnull(master);
    memset(master, 7, 32);
    ck_assert(keyring_new(master, 1, &keyring, &err));
    return keyring;
}

void bind_begin(struct bind_trial *trial)
{
    struct error err = {0};

    memset(trial, 0, sizeof(*trial));
    trial->builder = builder_new();
    trial->arena = arena_new();
    trial->keyring = keyring_make();
    ck_assert(options_init(&trial->options, trial->arena, &err));
    trial->options.fraction = -1;
    trial->faults.arena = trial->arena;
}

void bind_begin_shop(struct bind_trial *trial)
{
    bind_begin(trial);
    struct builder *b = trial->builder;

    builder_table(b, "public", "customers");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "email", "varchar(60)", 0);
    builder_column(b, "full_name", "text", 0);
    builder_column(b, "created_at", "timestamptz", 0);
    builder_primary(b, "id");
    builder_unique(b, "email");
    builder_rows(b, 100000);
    builder_table(b, "public", "orders");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "customer_id", "int8", 0);
    builder_column(b, "placed_at", "timestamptz", 0);
    builder_column(b, "total", "numeric(12,2)", 0);
    builder_column(b, "note", "text", 0);
    builder_primary(b, "id");
    builder_rows(b, 500000);
    builder_table(b, "public", "lines");
    builder_column(b, "order_id", "int8", BUILD_NOT_NULL);
    builder_column(b, "number", "int4", BUILD_NOT_NULL);
    builder_column(b, "price", "numeric(12,2)", 0);
    builder_primary(b, "order_id,number");
    builder_rows(b, 2000000);
    builder_edge(b, "orders", "customer_id", "customers", "id");
    builder_edge(b, "lines", "order_id", "orders", "id");
}

void bind_try(struct bind_trial *trial, const char *body)
{
    const char *text = arena_printf(trial->arena, "version: 1\n%s", body);
    struct error err = {0};

    ck_assert_msg(profile_read_text("t.yaml", span_of(text), trial->arena, &trial->profile, &err),
                  "%s: %s", err.context, err.cause);
    trial->faults = (struct fault_list){.arena = trial->arena};
    trial->err = (struct error){0};
    bool is_ok = bind_profile(trial->profile, &trial->options, builder_finish(trial->builder),
                              trial->keyring, NULL, trial->arena, &trial->faults, &trial->binding,
                              &trial->err);

    ck_assert(is_ok == (trial->binding != NULL));
    ck_assert(is_ok == (trial->faults.count == 0));
    ck_assert(is_ok == (trial->err.status == STATUS_OK));
}

void bind_end(struct bind_trial *trial)
{
    keyring_free(trial->keyring);
    arena_free(trial->arena);
    builder_free(trial->builder);
}

bool bind_has_fault(const struct bind_trial *trial, enum status status, const char *place,
                    const char *cause)
{
    for (size_t i = 0; i < trial->faults.count; i++) {
        const struct error *fault = &trial->faults.errors[i];
        bool is_there =
            place ? strstr(fault->context, place) != NULL : !strstr(fault->context, "t.yaml");

        if (fault->status == status && is_there && strstr(fault->cause, cause))
            return true;
    }
    return false;
}

const char *bind_list_faults(const struct bind_trial *trial)
{
    const char *text = "no fault of that status, place and cause among:";

    for (size_t i = 0; i < trial->faults.count && strlen(text) < 2000; i++) {
        const struct error *fault = &trial->faults.errors[i];

        text = arena_printf(trial->arena, "%s\n  %s | %s | %s | %s", text,
                            status_label(fault->status), fault->context, fault->cause, fault->hint);
    }
    return text;
}

void bind_select(const struct bind_trial *trial, struct selection *selection)
{
    const struct binding *binding = trial->binding;

    *selection = (struct selection){.binding = binding};
    selection->tables =
        ARENA_ARRAY(trial->arena, binding->catalog->table_count + 1, struct selected_table);
    selection->edges =
        ARENA_ARRAY(trial->arena, binding->graph->all.count + 1, struct selected_edge);
    selection->pins = ARENA_ARRAY(trial->arena, binding->pin_count + 1, struct selected_pin);
    ck_assert(selection->tables && selection->edges && selection->pins);
    for (size_t i = 0; i < binding->catalog->table_count; i++)
        selection->tables[i].table = &binding->tables[i];
}

const struct bound_table *bind_table(const struct bind_trial *trial, const char *table)
{
    ck_assert_bound(trial);
    return &trial->binding->tables[builder_find_table(trial->builder, table)->index];
}

const struct bound_column *bind_column(const struct bind_trial *trial, const char *table,
                                       const char *column)
{
    const struct column *found = builder_find_column(trial->builder, table, column);
    const struct bound_table *bound = bind_table(trial, table);

    for (size_t i = 0; i < bound->column_count; i++)
        if (bound->columns[i].column == found)
            return &bound->columns[i];
    ck_abort_msg("column %s.%s is not bound", table, column);
    return NULL;
}

const struct bound_edge *bind_edge(const struct bind_trial *trial, const char *name)
{
    ck_assert_bound(trial);
    for (size_t i = 0; i < trial->binding->graph->all.count; i++)
        if (strcmp(trial->binding->edges[i].edge->name, name) == 0)
            return &trial->binding->edges[i];
    ck_abort_msg("there is no edge %s", name);
    return NULL;
}
