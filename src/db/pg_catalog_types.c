/* The types that columns use, with whatever they are made of, and what each means to a rule. */
#include "db/pg_catalog.h"

/* Types whose numbers are the same on every server: assigned by hand, below this. */
#define OID_FIXED_END 10000u

struct builtin {
    uint32_t oid;
    enum kind kind;
    unsigned width;
};

static const struct builtin builtins[] = {
    {16, KIND_BOOLEAN, 0},     {17, KIND_BYTES, 0},     {19, KIND_TEXT, 0},
    {20, KIND_INTEGER, 8},     {21, KIND_INTEGER, 2},   {23, KIND_INTEGER, 4},
    {25, KIND_TEXT, 0},        {26, KIND_INTEGER, 4},   {114, KIND_JSON, 0},
    {700, KIND_REAL, 4},       {701, KIND_REAL, 8},     {1042, KIND_TEXT, 0},
    {1043, KIND_TEXT, 0},      {1082, KIND_DATE, 0},    {1083, KIND_TIME, 0},
    {1114, KIND_TIMESTAMP, 0}, {1184, KIND_INSTANT, 0}, {1700, KIND_DECIMAL, 0},
    {2950, KIND_UUID, 0},      {3802, KIND_JSON, 0},    {650, KIND_INET, 0},
    {829, KIND_MAC, 0},        {869, KIND_INET, 0},     {774, KIND_MAC, 0},
};

enum {
    TYPE_OID,
    TYPE_SCHEMA,
    TYPE_NAME,
    TYPE_TYPTYPE,
    TYPE_ELEMENT,
    TYPE_BASE_OID,
    TYPE_SUBTYPE,
    TYPE_WIRE,
    TYPE_EXTENSION,
    TYPE_NOT_NULL,
    TYPE_MODIFIER,
    TYPE_STEP
};

/* reg* and their like carry catalog numbers in binary; aclitem and others have no binary form, and
 * an empty int2vector or oidvector is sent in one that the server refuses to receive, as is an
 * empty tsquery by some releases (18.6). */
static const char types_sql_head[] =
    "WITH RECURSIVE used(oid) AS ("
    " SELECT a.atttypid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    "  JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped"
    "  AND " USER_RELATION
    " UNION SELECT t.oid FROM pg_type t WHERE t.oid IN (16, 17, 19, 20, 21, 23, 25, 26, 114, 700,"
    "  701, 1042, 1043, 1082, 1083, 1114, 1184, 1700, 2950, 3802, 1009, 1007, 1016, 1005)"
    " UNION SELECT x.oid FROM used u JOIN pg_type t ON t.oid = u.oid CROSS JOIN LATERAL ("
    "  SELECT t.typelem WHERE t.typoutput = 'array_out'::regproc"
    "  UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd'"
    "  UNION ALL SELECT f.atttypid FROM pg_attribute f WHERE t.typtype = 'c'"
    "   AND f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped"
    "  UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid";
static const char types_sql_multirange[] =
    "  UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid";
static const char types_sql_select[] =
    " ) x(oid))"
    " SELECT t.oid, n.nspname, t.typname, t.typtype,"
    " CASE WHEN t.typoutput = 'array_out'::regproc THEN t.typelem END,"
    " CASE WHEN t.typtype = 'd' THEN t.typbasetype END, ";
static const char types_sql_tail[] =
    " t.typsend <> 0 AND t.typreceive <> 0 AND NOT (t.oid IN (24, 2202, 2203, 2204, 2205, 2206,"
    "  3734, 3769, 4089, 4096, 4191, 1033, 2278, 22, 30, 3615))," /* regproc ... int2vector, tsquery
                                                                   */
    " e.extname, t.typnotnull, t.typtypmod,"
    " (SELECT CASE WHEN r.rngtypid IN (3904, 3912, 3926) THEN 'd'"
    "   WHEN r.rngcanonical::oid = 0 AND r.rngcollation = 0 AND k.opcdefault THEN 'c' END"
    "  FROM pg_range r JOIN pg_opclass k ON k.oid = r.rngsubopc WHERE r.rngtypid = t.oid)"
    " FROM (SELECT DISTINCT oid FROM used) u JOIN pg_type t ON t.oid = u.oid"
    " JOIN pg_namespace n ON n.oid = t.typnamespace"
    " LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid"
    "  AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'"
    " LEFT JOIN pg_extension e ON e.oid = d.refobjid";

static bool types_query(struct reading *reading, PGresult **result, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, types_sql_head);
    if (reading->version >= 140000)
        buf_add_text(&sql, types_sql_multirange);
    buf_add_text(&sql, types_sql_select);
    buf_add_text(&sql,
                 reading->version >= 140000
                     ? "(SELECT CASE t.typtype WHEN 'r' THEN r.rngsubtype ELSE r.rngtypid END"
                       " FROM pg_range r WHERE r.rngtypid = t.oid OR r.rngmultitypid = t.oid),"
                     : "(SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid),");
    buf_add_text(&sql, types_sql_tail);
    bool ok = buf_ok(&sql) ? reading_query(reading, buf_text(&sql), "types", result, err)
                           : error_memory(err);
    buf_release(&sql);
    return ok;
}

static enum type_class class_of(const PGresult *result, int row)
{
    switch (pg_cell(result, row, TYPE_TYPTYPE)[0]) {
    case 'e':
        return TYPE_ENUM;
    case 'd':
        return TYPE_DOMAIN;
    case 'c':
        return TYPE_COMPOSITE;
    case 'r':
        return TYPE_RANGE;
    case 'm':
        return TYPE_MULTIRANGE;
    default:
        return pg_cell(result, row, TYPE_ELEMENT) ? TYPE_ARRAY : TYPE_BASE;
    }
}

/* int4range, int8range and daterange have canonical functions that are known; ranges without one
 * stand as they are, if their bounds compare as their type does. */
static enum range_step step_of(const char *letter)
{
    if (!letter)
        return RANGE_UNKNOWN;
    return letter[0] == 'd' ? RANGE_DISCRETE : RANGE_CONTINUOUS;
}

static void type_classify(struct type *type)
{
    type->kind = KIND_OTHER;
    if (type->class == TYPE_ENUM)
        type->kind = KIND_ENUM;
    if (type->class == TYPE_COMPOSITE)
        type->kind = KIND_COMPOSITE;
    if (type->class != TYPE_BASE)
        return;
    for (size_t i = 0; i < COUNT_OF(builtins); i++) {
        if (builtins[i].oid == type->oid) {
            type->kind = builtins[i].kind;
            type->width = builtins[i].width;
        }
    }
    type->is_padded = type->oid == 1042;
    if (type->extension && strcmp(type->extension, "citext") == 0 &&
        strcmp(type->name, "citext") == 0) {
        type->kind = KIND_TEXT;
        type->is_case_insensitive = true;
    }
    if (type->extension && strcmp(type->extension, "hstore") == 0 &&
        strcmp(type->name, "hstore") == 0)
        type->kind = KIND_HSTORE;
}

static bool type_add(struct reading *reading, const PGresult *result, int row, struct error *err)
{
    struct type *type = ARENA_NEW(reading->arena, struct type);
    bool ok = type != NULL;
    bool is_new;

    if (!ok)
        return error_memory(err);
    type->oid = pg_cell_u32(result, row, TYPE_OID);
    type->schema = reading_text(reading, result, row, TYPE_SCHEMA, &ok);
    type->name = reading_text(reading, result, row, TYPE_NAME, &ok);
    type->extension = reading_text(reading, result, row, TYPE_EXTENSION, &ok);
    type->class = class_of(result, row);
    type->has_binary = pg_cell_bool(result, row, TYPE_WIRE);
    type->is_not_null = pg_cell_bool(result, row, TYPE_NOT_NULL);
    type->modifier = pg_cell_int(result, row, TYPE_MODIFIER);
    type->step = step_of(pg_cell(result, row, TYPE_STEP));
    type_classify(type);
    if (!ok || !map_put(reading->types, span_make(&type->oid, sizeof(type->oid)),
                        (uint64_t)(uintptr_t)type, &is_new))
        return error_memory(err);
    assert(is_new);
    reading->catalog->types[reading->catalog->type_count++] = type;
    return true;
}

static void type_link(struct reading *reading, const PGresult *result, int row)
{
    struct type *type = reading_type(reading, pg_cell_u32(result, row, TYPE_OID));
    int column = type->class == TYPE_ARRAY                                     ? TYPE_ELEMENT
                 : type->class == TYPE_DOMAIN                                  ? TYPE_BASE_OID
                 : type->class == TYPE_RANGE || type->class == TYPE_MULTIRANGE ? TYPE_SUBTYPE
                                                                               : -1;

    if (column >= 0)
        type->element = reading_type(reading, pg_cell_u32(result, row, column));
    assert(column < 0 || type->element);
}

static bool enums_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    bool ok = true;

    if (!reading_query(reading,
                       "SELECT e.enumtypid, e.enumlabel, pg_catalog.count(*) OVER"
                       " (PARTITION BY e.enumtypid) FROM pg_enum e"
                       " ORDER BY e.enumtypid, e.enumsortorder",
                       "enum labels", &result, err))
        return false;
    for (int row = 0; ok && row < PQntuples(result); row++) {
        struct type *type = reading_type(reading, pg_cell_u32(result, row, 0));

        if (!type)
            continue;
        if (!type->labels)
            type->labels =
                ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, 2), const char *);
        if (!type->labels)
            return error_memory(err);
        type->labels[type->label_count++] = reading_text(reading, result, row, 1, &ok);
    }
    return ok ? true : error_memory(err);
}

static bool fields_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    bool ok = true;

    if (!reading_query(reading,
                       "SELECT t.oid, a.attname, a.atttypid, a.atttypmod, pg_catalog.count(*) OVER"
                       " (PARTITION BY t.oid) FROM pg_type t JOIN pg_attribute a"
                       " ON a.attrelid = t.typrelid WHERE t.typtype = 'c' AND a.attnum > 0"
                       " AND NOT a.attisdropped AND t.typnamespace <>"
                       " 'pg_catalog'::regnamespace ORDER BY t.oid, a.attnum",
                       "composite types", &result, err))
        return false;
    for (int row = 0; ok && row < PQntuples(result); row++) {
        struct type *type = reading_type(reading, pg_cell_u32(result, row, 0));

        if (!type)
            continue;
        if (!type->fields)
            type->fields =
                ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, 4), struct type_field);
        if (!type->fields)
            return error_memory(err);
        struct type_field *field = &type->fields[type->field_count++];
        field->name = reading_text(reading, result, row, 1, &ok);
        field->type = reading_type(reading, pg_cell_u32(result, row, 2));
        struct column *column = ARENA_NEW(reading->arena, struct column);
        if (!column)
            return error_memory(err);
        column->name = field->name;
        column->type = field->type;
        column->modifier = pg_cell_int(result, row, 3);
        field->column = column;
        assert(field->type);
        pg_describe_limits(column);
    }
    return ok ? true : error_memory(err);
}

static bool domain_checks_read(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    bool ok = true;

    if (!reading_query(reading,
                       "SELECT c.contypid, pg_get_expr(c.conbin, 0), pg_catalog.count(*) OVER"
                       " (PARTITION BY c.contypid) FROM pg_constraint c WHERE c.contypid <> 0"
                       " AND c.contype = 'c' ORDER BY c.contypid, c.conname",
                       "domains", &result, err))
        return false;
    for (int row = 0; ok && row < PQntuples(result); row++) {
        struct type *type = reading_type(reading, pg_cell_u32(result, row, 0));

        if (!type)
            continue;
        if (!type->checks)
            type->checks =
                ARENA_ARRAY(reading->arena, (size_t)pg_cell_int(result, row, 2), const char *);
        if (!type->checks)
            return error_memory(err);
        type->checks[type->check_count++] = reading_text(reading, result, row, 1, &ok);
    }
    return ok ? true : error_memory(err);
}

/* What a domain is to a rule is what its base is. */
static void domain_inherit(struct type *type)
{
    const struct type *base = pg_base_type(type);

    type->kind = base->kind;
    type->width = base->width;
    type->is_padded = base->is_padded;
    type->is_case_insensitive = base->is_case_insensitive;
    type->label_count = base->label_count;
    type->labels = base->labels;
}

/* What a type inherits from what it is made of; true when that changed something. */
static bool type_inherit(struct type *type)
{
    bool has_binary = type->has_binary;
    bool carries = type->carries_oids;

    if (type->element) {
        has_binary = has_binary && type->element->has_binary;
        carries = carries || type->element->carries_oids ||
                  (type->class == TYPE_ARRAY && type->element->oid >= OID_FIXED_END);
    }
    for (size_t i = 0; i < type->field_count; i++) {
        has_binary = has_binary && type->fields[i].type->has_binary;
        carries = carries || type->fields[i].type->carries_oids ||
                  type->fields[i].type->oid >= OID_FIXED_END;
    }
    bool is_changed = has_binary != type->has_binary || carries != type->carries_oids;
    type->has_binary = has_binary;
    type->carries_oids = carries;
    return is_changed;
}

/* Runs until nothing changes: types may be numbered in any order, and are nested a few levels. */
static void types_inherit(const struct catalog *catalog)
{
    bool is_changed = true;

    for (size_t pass = 0; is_changed; pass++) {
        is_changed = false;
        for (size_t i = 0; i < catalog->type_count; i++)
            is_changed = type_inherit(catalog->types[i]) || is_changed;
        assert(pass <= 2 * catalog->type_count); /* each pass turns a flag for good */
    }
    for (size_t i = 0; i < catalog->type_count; i++) {
        if (catalog->types[i]->class == TYPE_DOMAIN)
            domain_inherit(catalog->types[i]);
    }
}

bool pg_read_types(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!types_query(reading, &result, err))
        return false;
    reading->catalog->types =
        ARENA_ARRAY(reading->arena, (size_t)PQntuples(result) + 1, struct type *);
    if (!reading->catalog->types)
        return error_memory(err);
    for (int row = 0; row < PQntuples(result); row++) {
        if (!type_add(reading, result, row, err))
            return false;
    }
    for (int row = 0; row < PQntuples(result); row++)
        type_link(reading, result, row);
    if (!enums_read(reading, err) || !fields_read(reading, err) ||
        !domain_checks_read(reading, err))
        return false;
    types_inherit(reading->catalog);
    return true;
}
