/* Chooses the key that addresses are made of, and packs its integers. */
#include "db/my_address.h"

#include <string.h>

unsigned my_address_bits(const struct column *column)
{
    const struct type *type = column->type;

    if (type->kind != KIND_INTEGER)
        return 0;
    if (strcmp(type->name, "bit") == 0)
        return column->modifier > 0 && column->modifier <= 64 ? (unsigned)column->modifier : 64;
    return type->width * 8;
}

static bool is_signed(const struct column *column)
{
    return !column->type->is_unsigned && strcmp(column->type->name, "bit") != 0 &&
           strcmp(column->type->name, "year") != 0;
}

static unsigned key_bits(const struct key *key)
{
    unsigned bits = 0;

    for (size_t i = 0; i < key->column_count; i++) {
        unsigned more = my_address_bits(key->columns[i]);

        if (more == 0)
            return 0;
        bits += more;
    }
    return bits;
}

/* Equal under a key must mean that a literal of the cell finds the row, and no other one. */
static bool key_is_usable(const struct key *key)
{
    if (key->is_partial || key->is_expression || key->is_exclusion || key->column_count == 0)
        return false;
    for (size_t i = 0; i < key->column_count; i++) {
        const struct column *column = key->columns[i];

        if (!column->is_not_null || column->is_virtual || column->type->kind == KIND_REAL ||
            column->type->kind == KIND_JSON || column->type->kind == KIND_OTHER)
            return false;
    }
    return true;
}

static const struct key *key_choose(const struct table *table)
{
    const struct key *best = NULL;

    if (table->primary && key_is_usable(table->primary))
        return table->primary;
    for (size_t i = 0; i < table->key_count; i++) {
        const struct key *key = table->keys[i];

        if (key_is_usable(key) && (!best || key->column_count < best->column_count))
            best = key;
    }
    return best;
}

void my_address_decide(const struct table *table, struct relation *relation)
{
    const struct key *key = key_choose(table);

    assert(table && relation);
    relation->address_key = key;
    relation->address_class = ADDRESS_ROW;
    if (key) {
        unsigned bits = key_bits(key);

        relation->address_class = bits > 0 && bits <= 64 ? ADDRESS_PLACE : ADDRESS_KEY;
    }
    assert(relation->address_class == ADDRESS_ROW || relation->address_key);
}

static uint64_t bits_mask(unsigned bits)
{
    assert(bits > 0 && bits <= 64);
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* A bit(n) comes as its bytes, the highest first. */
static bool bytes_read(struct span cell, uint64_t *value)
{
    *value = 0;
    if (cell.len > 8)
        return false;
    for (uint32_t i = 0; i < cell.len; i++)
        *value = *value << 8 | (unsigned char)cell.ptr[i];
    return true;
}

static bool digits_read(struct span cell, uint64_t *value)
{
    *value = 0;
    if (cell.len == 0)
        return false;
    for (uint32_t i = 0; i < cell.len; i++) {
        const unsigned digit = (unsigned char)cell.ptr[i] - (unsigned)'0';

        if (digit > 9 || *value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

bool my_address_read(const struct column *column, struct span cell, uint64_t *value)
{
    const unsigned bits = my_address_bits(column);
    const bool is_negative = cell.len > 0 && cell.ptr[0] == '-';
    uint64_t most;

    assert(bits > 0 && !span_is_null(cell));
    if (strcmp(column->type->name, "bit") == 0)
        return bytes_read(cell, value) && *value <= bits_mask(bits);
    if (is_negative)
        cell = span_make(cell.ptr + 1, cell.len - 1);
    if (!digits_read(cell, value))
        return false;
    most = is_signed(column) ? bits_mask(bits) >> 1 : bits_mask(bits);
    if (!is_negative)
        return *value <= most;
    if (!is_signed(column) || *value > most + 1)
        return false;
    *value = UINT64_C(0) - *value;
    return true;
}

bool my_address_pack(const struct key *key, const struct span *cells, uint64_t *address)
{
    uint64_t packed = 0;

    assert(key_bits(key) > 0 && key_bits(key) <= 64);
    for (size_t i = 0; i < key->column_count; i++) {
        const unsigned bits = my_address_bits(key->columns[i]);
        uint64_t value;

        assert(bits > 0 && bits <= 64);
        if (span_is_null(cells[i]) || !my_address_read(key->columns[i], cells[i], &value))
            return false;
        if (is_signed(key->columns[i]))
            value ^= UINT64_C(1) << (bits - 1);
        packed = (bits == 64 ? 0 : packed << bits) | (value & bits_mask(bits));
    }
    *address = packed;
    return true;
}

void my_address_unpack(const struct key *key, uint64_t address, uint64_t *values)
{
    for (size_t i = key->column_count; i-- > 0;) {
        const unsigned bits = my_address_bits(key->columns[i]);
        uint64_t value = address & bits_mask(bits);

        assert(bits > 0 && bits <= 64);
        if (is_signed(key->columns[i])) {
            value ^= UINT64_C(1) << (bits - 1);
            if (value >> (bits - 1) & 1)
                value |= ~bits_mask(bits);
        }
        values[i] = value;
        address = bits == 64 ? 0 : address >> bits;
    }
}

uint64_t my_address_highest(const struct key *key)
{
    return bits_mask(key_bits(key));
}

void my_address_add_value(struct buf *sql, const struct column *column, uint64_t value)
{
    if (is_signed(column))
        buf_add_integer(sql, (int64_t)value);
    else
        buf_add_format(sql, "%llu", (unsigned long long)value);
}
