/* What lies between tables. */
#include "survey/links.h"

struct links {
    const struct survey_request *request;
};

bool links_begin(const struct survey_request *request, struct links **links, struct error *err)
{
    UNUSED(request);
    UNUSED(err);
    *links = NULL;
    return true;
}

void links_free(struct links *links)
{
    UNUSED(links);
}

bool links_wants(const struct links *links, const struct table *table)
{
    UNUSED(links);
    UNUSED(table);
    return false;
}

bool links_needs(const struct links *links, const struct column *column)
{
    UNUSED(links);
    UNUSED(column);
    return false;
}

size_t links_fields(const struct links *links, const struct table *table,
                    const struct field **fields)
{
    UNUSED(links);
    UNUSED(table);
    *fields = NULL;
    return 0;
}

bool links_table_begin(struct links *links, const struct survey_table *table, struct error *err)
{
    UNUSED(links);
    UNUSED(table);
    UNUSED(err);
    return true;
}

bool links_batch(struct links *links, const struct survey_batch *batch,
                 const struct span *const *extras, struct error *err)
{
    UNUSED(links);
    UNUSED(batch);
    UNUSED(extras);
    UNUSED(err);
    return true;
}

bool links_table_end(struct links *links, struct strata *strata, struct error *err)
{
    UNUSED(links);
    UNUSED(strata);
    UNUSED(err);
    return true;
}

size_t links_bytes(const struct links *links)
{
    UNUSED(links);
    return 0;
}
