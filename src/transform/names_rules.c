/* The rules that put names from the dictionaries in place of names: one row each, alike but for
 * what they are called and what stands in their texts. */
#include "transform/names.h"

#define NAMES_HEAD                                                                                 \
    .accepts = KIND_BIT(KIND_TEXT), .uniqueness = UNIQUENESS_NOT_GUARANTEED,                       \
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),                                               \
    .preserves =                                                                                   \
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,   \
    .identifies = true, .is_dense = true, .is_semantic = true, .prepare = names_prepare

/* Follows what a guarantee says of its own rule. */
#define NAMES_GUARANTEE                                                                            \
    "never itself, of the same script and about as many letters, with the same case and the same " \
    "separators. Words longer than any name, and scripts without a dictionary, are scrambled."

static bool first_apply(const struct transform_call *call, struct value *values, uint32_t count,
                        struct error *err)
{
    return names_apply(call, values, count, NAME_FIRST, err);
}

const struct transform transform_first_name = {
    NAMES_HEAD,
    .name = "first_name",
    .summary = "other given names, as long and written alike",
    .example = "first_name: first_name",
    .guarantee = "Each part becomes another given name, " NAMES_GUARANTEE,
    .apply = first_apply,
};

static bool family_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    return names_apply(call, values, count, NAME_FAMILY, err);
}

const struct transform transform_family_name = {
    NAMES_HEAD,
    .name = "family_name",
    .summary = "other family names, as long and written alike",
    .example = "last_name: family_name",
    .guarantee =
        "Each part becomes another family name, " NAMES_GUARANTEE " Particles (van der) stay.",
    .apply = family_apply,
};

static bool full_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    return names_apply(call, values, count, NAME_FULL, err);
}

const struct transform transform_full_name = {
    NAMES_HEAD,
    .name = "full_name",
    .summary = "other full names, as long and written alike",
    .example = "full_name: full_name",
    .guarantee = "The family name (the last, the one before a comma, or the first in East Asian "
                 "scripts) becomes another one, the other parts given names, " NAMES_GUARANTEE
                 " Titles and particles stay.",
    .apply = full_apply,
};

static bool company_apply(const struct transform_call *call, struct value *values, uint32_t count,
                          struct error *err)
{
    return names_apply(call, values, count, NAME_COMPANY, err);
}

const struct transform transform_company = {
    NAMES_HEAD,
    .name = "company",
    .summary = "other names of companies, as long and written alike",
    .example = "employer: company",
    .guarantee = "Each word becomes another word or family name, " NAMES_GUARANTEE
                 " The legal form (GmbH, Ltd) stays.",
    .apply = company_apply,
};

static bool street_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    return names_apply(call, values, count, NAME_STREET, err);
}

const struct transform transform_street = {
    NAMES_HEAD,
    .name = "street",
    .summary = "other streets and house numbers, as long and written alike",
    .example = "address_line: street",
    .guarantee = "Each word becomes another word of a street's name, " NAMES_GUARANTEE
                 " Short words for kinds of streets (Rd, rue) stay; numbers become others of as "
                 "many digits.",
    .apply = street_apply,
};

static bool city_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    return names_apply(call, values, count, NAME_CITY, err);
}

const struct transform transform_city = {
    NAMES_HEAD,
    .name = "city",
    .summary = "other towns, as long and written alike",
    .example = "city: city",
    .guarantee = "Each word becomes another word of a town's name, " NAMES_GUARANTEE,
    .apply = city_apply,
};
