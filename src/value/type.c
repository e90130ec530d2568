/* Types of either engine: what is the same for both, and the ways to what is not. */
#include "value/my_type.h"
#include "value/network.h"
#include "value/pg_type.h"

enum { XML_OID = 142 };

const struct type *type_base(const struct type *type)
{
    assert(type);
    while (type->class == TYPE_DOMAIN) {
        assert(type->element && type->element != type);
        type = type->element;
    }
    return type;
}

enum engine type_engine(const struct type *base)
{
    return base->schema && base->schema[0] == '\0' ? ENGINE_MYSQL : ENGINE_POSTGRESQL;
}

bool type_has_parts(const struct type *base)
{
    assert(base->class != TYPE_DOMAIN);
    return (base->class != TYPE_BASE && base->class != TYPE_ENUM) || base->kind == KIND_HSTORE;
}

bool type_is_unsigned(const struct type *base)
{
    return base->is_unsigned || strcmp(base->name, "oid") == 0;
}

bool type_is_xml(const struct type *base)
{
    return base->oid == XML_OID;
}

bool type_is_network(const struct type *base)
{
    return strcmp(base->name, "cidr") == 0;
}

bool type_is_bits(const struct type *base)
{
    return strcmp(base->name, "bit") == 0;
}

bool type_is_filled(const struct type *base)
{
    return type_engine(base) == ENGINE_MYSQL && strcmp(base->name, "binary") == 0;
}

bool type_is_year(const struct type *base)
{
    return type_engine(base) == ENGINE_MYSQL && strcmp(base->name, "year") == 0;
}

bool type_is_host(const struct type *base, struct span bytes)
{
    const bool is_4 = strcmp(base->name, "inet4") == 0;

    assert(bytes.len > NETWORK_HEAD);
    return bytes.ptr[0] == (is_4 ? NETWORK_IPV4 : NETWORK_IPV6) &&
           (uint8_t)bytes.ptr[1] == (is_4 ? 32 : 128);
}

size_t type_mac_bytes(const struct type *base)
{
    return strcmp(base->name, "macaddr8") == 0 ? 8 : 6;
}

bool type_has_empty(const struct type *base)
{
    return type_engine(base) == ENGINE_MYSQL ? my_type_has_empty(base) : pg_type_has_empty(base);
}

bool integer_fits(const struct type *base, int64_t number)
{
    const unsigned bits = 8 * base->width;

    if (bits == 0 || bits > 64)
        return false;
    if (bits == 64)
        return true;
    return type_is_unsigned(base)
               ? number >= 0 && (uint64_t)number >> bits == 0
               : number >= -(INT64_C(1) << (bits - 1)) && number < INT64_C(1) << (bits - 1);
}

bool time_fits(const struct type *base, int64_t time)
{
    if (type_engine(base) == ENGINE_MYSQL)
        return my_time_fits(base, time);
    if (base->kind == KIND_DATE)
        return date_in_range(time);
    return base->kind == KIND_TIME ? time_in_range(time) : timestamp_in_range(time);
}

bool value_malformed(const struct type *type, struct error *err)
{
    return error_set(err, STATUS_SOURCE, "a value of type '%s' is not in the form of its type",
                     type->name);
}

bool value_unfit(const struct type *type, struct error *err)
{
    return error_set(err, STATUS_BUG, "a rule made a value that type '%s' cannot hold", type->name);
}
