/* geo: latitude and longitude moved by place. The earth is cut into cells as wide as the radius,
 * and everything in one cell moves the same way: many readings around one home do not give it away
 * by their mean. In integers of 10^-7 degrees (about 1 cm), so that every machine computes alike.
 */
#include "transform/exchange.h"
#include "transform/form.h"
#include "transform/numbers.h"
#include "transform/params.h"
#include "value/real.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEGREE          INT64_C(10000000)
#define QUARTER         (90 * DEGREE)
#define HALF            (180 * DEGREE)
#define METERS_A_DEGREE 111195 /* of a meridian, mean radius 6371 km */

enum {
    RADIUS_MIN = 100,
    RADIUS_MAX = 500000,
    RADIUS_DEFAULT = 10000,
    DIGITS_MAX = 7,
    TEXT_MAX = 80
};

enum axis { AXIS_LATITUDE, AXIS_LONGITUDE, AXIS_BOTH };

struct geo_params {
    enum axis axis;
    int64_t radius;    /* 10^-7 degrees of a meridian */
    uint32_t position; /* of the companion */
    enum kind kind;    /* of the companion */
    bool is_single;
};

static bool companion_read(const struct transform_site *site, const struct yaml_node *node,
                           struct geo_params *made, struct error *err)
{
    const struct type *type;
    const char *name;

    if (!yaml_read_string(node, &name, err) ||
        !site_companion(site, node, name, &made->position, &type, err))
        return false;
    if (type->kind != KIND_REAL && type->kind != KIND_DECIMAL)
        return yaml_error(node, err, "column '%s' is no real and no decimal", name);
    made->kind = type->kind;
    return true;
}

static bool axis_read(const struct transform_site *site, const struct yaml_node *params,
                      struct geo_params *made, struct prepared_transform *prepared,
                      struct error *err)
{
    const struct yaml_node *lat = param_find(params, "lat"), *lon = param_find(params, "lon");

    if (site->type->kind == KIND_TEXT) {
        made->axis = AXIS_BOTH;
        if (lat || lon)
            return yaml_error(lat ? lat : lon, err, "a text holds both coordinates itself");
        return true;
    }
    if (!lat == !lon) {
        error_set(err, STATUS_PROFILE, "'geo' needs the column of the other coordinate of '%s'",
                  site->label);
        return error_hint(err, "say 'lat: COLUMN' on the longitude, 'lon: COLUMN' on the latitude");
    }
    made->axis = lat ? AXIS_LONGITUDE : AXIS_LATITUDE;
    prepared->needs |= NEED_COMPANIONS;
    prepared->reads_inputs_only = true;
    return companion_read(site, lat ? lat : lon, made, err);
}

static bool digits_fit(const struct transform_site *site, const struct geo_params *made,
                       struct error *err)
{
    const unsigned whole = whole_digits(site), needed = made->axis == AXIS_LATITUDE ? 2 : 3;

    if (whole == 0 || whole >= needed)
        return true;
    error_set(err, STATUS_POLICY, "'%s' holds %u digits before the point, coordinates need %u",
              site->label, whole, needed);
    return error_hint(err, "use 'redact'");
}

static bool geo_prepare(const struct transform_site *site, const struct yaml_node *params,
                        struct arena *arena, struct prepared_transform *prepared, struct error *err)
{
    const struct yaml_node *node = param_find(params, "radius");
    struct geo_params *made = ARENA_NEW(arena, struct geo_params);
    int64_t meters = RADIUS_DEFAULT;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (node && !yaml_read_integer(node, RADIUS_MIN, RADIUS_MAX, &meters, err))
        return false;
    made->radius = meters * DEGREE / METERS_A_DEGREE;
    made->is_single = type_width(site->type) == 4;
    buf_add_format(prepared->canonical, "radius=%lld;cells=1;", (long long)meters);
    return axis_read(site, params, made, prepared, err) && digits_fit(site, made, err);
}

struct place {
    int64_t lat, lon; /* 10^-7 degrees */
};

/* The cosine of a latitude in 10^-6, by Bhaskara's formula (error under 0.2 %), at least 0.01. */
static int64_t cosine(int64_t lat)
{
    const int64_t degrees = lat / (DEGREE / 1000), square = degrees * degrees / 1000000;
    const int64_t ratio = (32400 - 4 * square) * 1000000 / (32400 + square);

    return ratio < 10000 ? 10000 : ratio;
}

/* From half the radius to the radius, either way. */
static int64_t step_of(struct stream *stream, int64_t radius)
{
    const int64_t part = stream_below(stream, 1u << 24),
                  step = radius / 2 + radius / 2 * part / (1 << 24);

    return stream_below(stream, 2) == 1 ? step : -step;
}

/* Over a pole it goes on the other side down again; longitudes go around. */
static void place_move(const struct sipkey *key, int64_t radius, struct place *place)
{
    const int64_t band = floor_div(place->lat, radius);
    const int64_t width = radius * 1000000 / cosine(band * radius + radius / 2);
    const uint64_t words[3] = {PURPOSE_VALUE, (uint64_t)band,
                               (uint64_t)floor_div(place->lon, width)};
    struct stream stream = stream_make(key, siphash_words(key, words, COUNT_OF(words)));

    assert(radius > 0 && place->lat >= -QUARTER && place->lat <= QUARTER);
    place->lat += step_of(&stream, radius);
    place->lon += step_of(&stream, width);
    if (place->lat > QUARTER)
        place->lat = 2 * QUARTER - place->lat;
    if (place->lat < -QUARTER)
        place->lat = -2 * QUARTER - place->lat;
    place->lon = place->lon - floor_to(place->lon + HALF, 2 * HALF);
    assert(place->lon >= -HALF && place->lon < HALF);
}

/* NaN and what lies beyond `limit` is no coordinate. */
static bool degrees_read(double degrees, int64_t limit, int64_t *coordinate)
{
    if (!(degrees >= -180 && degrees <= 180))
        return false;
    *coordinate = llround(degrees * (double)DEGREE);
    return *coordinate >= -limit && *coordinate <= limit;
}

static bool value_degrees(enum kind kind, const struct value *value, int64_t limit,
                          int64_t *coordinate)
{
    double degrees;

    if (value->is_null)
        return false;
    if (kind == KIND_REAL)
        return degrees_read(value->real, limit, coordinate);
    return real_parse(value->bytes, false, &degrees) && degrees_read(degrees, limit, coordinate);
}

/* As many digits behind the point as there were, cut toward zero so that no limit is passed. */
static size_t degrees_write(int64_t coordinate, unsigned digits, char *text, size_t size)
{
    const int64_t absolute = coordinate < 0 ? -coordinate : coordinate;
    char fraction[16];
    int written;

    (void)snprintf(fraction, sizeof(fraction), "%07lld", (long long)(absolute % DEGREE));
    fraction[digits < DIGITS_MAX ? digits : DIGITS_MAX] = '\0';
    const bool is_zero = absolute / DEGREE == 0 && strspn(fraction, "0") == strlen(fraction);

    written = snprintf(text, size, "%s%lld%s%s", coordinate < 0 && !is_zero ? "-" : "",
                       (long long)(absolute / DEGREE), digits ? "." : "", digits ? fraction : "");
    assert(written > 0 && (size_t)written < size);
    return (size_t)written;
}

static unsigned digits_behind(struct span text)
{
    const char *point = memchr(text.ptr, '.', text.len);

    return point ? (unsigned)(text.ptr + text.len - point - 1) : 0;
}

static bool number_broken(const struct transform_call *call, struct value *value, struct error *err)
{
    bool is_kept = false;

    ++*call->scrambled;
    if (call->type->kind == KIND_REAL) {
        value->real = real_redact(&call->key->sip, value->real, type_width(call->type));
        return true;
    }
    if (!decimal_permute(&call->key->sip, value->bytes, call->arena, &value->bytes, &is_kept, err))
        return false;
    *call->unchanged += is_kept;
    return true;
}

/* One coordinate of a pair of columns; a place without the other one moves as on the equator. */
static bool number_value(const struct transform_call *call, uint32_t row, struct value *value,
                         struct error *err)
{
    const struct geo_params *params = call->params;
    const bool is_lat = params->axis == AXIS_LATITUDE;
    const struct value *other = &call->companion_inputs[params->position][row];
    struct place place = {0};
    char text[32];

    if (!value_degrees(call->type->kind, value, is_lat ? QUARTER : HALF,
                       is_lat ? &place.lat : &place.lon))
        return number_broken(call, value, err);
    if (!value_degrees(params->kind, other, is_lat ? HALF : QUARTER,
                       is_lat ? &place.lon : &place.lat))
        *(is_lat ? &place.lon : &place.lat) = 0;
    place_move(&call->key->sip, params->radius, &place);
    const int64_t moved = is_lat ? place.lat : place.lon;

    if (call->type->kind == KIND_REAL) {
        value->real = (double)moved / (double)DEGREE;
        value->real = params->is_single ? (double)(float)value->real : value->real;
        return true;
    }
    return value_set_bytes(value, text,
                           degrees_write(moved, digits_behind(value->bytes), text, sizeof(text)),
                           call->arena, err);
}

/* "52.5200, 13.4050": one comma, blanks around the numbers. */
struct pair {
    struct span lat, lon;
    struct place place;
};

static struct span trimmed(struct span text)
{
    while (text.len > 0 && *text.ptr == ' ') {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

static bool is_plain_decimal(struct span text)
{
    for (uint32_t i = text.len > 0 && *text.ptr == '-'; i < text.len; i++) {
        if ((text.ptr[i] < '0' || text.ptr[i] > '9') && text.ptr[i] != '.')
            return false;
    }
    return text.len > 0;
}

static bool pair_read(struct span text, struct pair *pair)
{
    const char *comma = text.len <= TEXT_MAX ? memchr(text.ptr, ',', text.len) : NULL;
    double lat, lon;

    if (!comma)
        return false;
    pair->lat = trimmed(span_make(text.ptr, (size_t)(comma - text.ptr)));
    pair->lon = trimmed(span_make(comma + 1, (size_t)(text.ptr + text.len - comma - 1)));
    return is_plain_decimal(pair->lat) && is_plain_decimal(pair->lon) &&
           real_parse(pair->lat, false, &lat) && real_parse(pair->lon, false, &lon) &&
           degrees_read(lat, QUARTER, &pair->place.lat) &&
           degrees_read(lon, HALF, &pair->place.lon);
}

static bool is_pair(const void *context, struct span text)
{
    struct pair pair;

    UNUSED(context);
    return pair_read(text, &pair);
}

static bool text_value(const struct transform_call *call, struct value *value, struct error *err)
{
    const struct geo_params *params = call->params;
    const uint32_t max_length = call->column ? call->column->max_length : 0;
    char lat[32], lon[32];
    struct pair pair;

    if (!pair_read(value->bytes, &pair))
        return value_scramble(call, value, is_pair, NULL, err);
    place_move(&call->key->sip, params->radius, &pair.place);
    const size_t lat_len = degrees_write(pair.place.lat, digits_behind(pair.lat), lat, sizeof(lat));
    const size_t lon_len = degrees_write(pair.place.lon, digits_behind(pair.lon), lon, sizeof(lon));
    const char *between = pair.lat.ptr + pair.lat.len;
    const char *text = arena_printf(call->arena, "%.*s%.*s%.*s", (int)lat_len, lat,
                                    (int)(pair.lon.ptr - between), between, (int)lon_len, lon);

    if (!text)
        return error_memory(err);
    if (max_length && strlen(text) > max_length)
        return value_scramble(call, value, is_pair, NULL, err);
    value->bytes = span_of(text);
    return true;
}

static bool geo_apply(const struct transform_call *call, struct value *values, uint32_t count,
                      struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        const bool is_text = call->type->kind == KIND_TEXT;

        if (values[i].is_null || (is_text && values[i].bytes.len == 0))
            continue;
        if (is_text ? !text_value(call, &values[i], err) : !number_value(call, i, &values[i], err))
            return false;
    }
    return true;
}

static const struct transform_param params[] = {
    {"lat", "column", "on a longitude: the column of the latitude"},
    {"lon", "column", "on a latitude: the column of the longitude"},
    {"radius", "meters 100..500000", "the farthest either coordinate moves; 10000 unless said"},
};

const struct transform transform_geo = {
    .name = "geo",
    .accepts = KIND_BIT(KIND_REAL) | KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "coordinates moved by place: the same place moves the same way",
    .example = "latitude: { rule: geo, lon: longitude }",
    .guarantee =
        "Each coordinate moves by half the radius to the radius, everything inside one "
        "cell as wide as the radius alike; results are valid coordinates with as many "
        "digits. Distances inside a cell stay: somebody who knows the shape of a route may "
        "find it. What is no coordinate is scrambled.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = geo_prepare,
    .apply = geo_apply,
};
