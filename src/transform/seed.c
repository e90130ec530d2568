/* Keyed numbers from values. */
#include "transform/seed.h"

#include <string.h>

void seeder_init(struct seeder *seeder, const struct transform_call *call)
{
    assert(seeder && call && call->key);
    assert(call->per != PER_SUBJECT || call->subjects);
    assert(call->per != PER_ROW || call->identities);
    *seeder = (struct seeder){.call = call};
    buf_init(&seeder->bytes, BUF_CEILING_MAX);
}

struct sipkey call_key(const struct transform_call *call, uint32_t row)
{
    uint64_t words[3] = {PURPOSE_ROW | 1 << 8, 0, 0};
    struct sipkey key;

    if (call->per == PER_VALUE)
        return call->key->sip;
    words[2] = call->per == PER_SUBJECT ? call->subjects[row] : call->identities[row];
    key.k0 = siphash_words(&call->key->sip, words, 3);
    words[1] = 1;
    key.k1 = siphash_words(&call->key->sip, words, 3);
    return key;
}

void seeder_release(struct seeder *seeder)
{
    buf_release(&seeder->bytes);
}

static void bytes_fold(char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
    }
}

struct span seeder_canonical(struct seeder *seeder, const struct value *value)
{
    assert(!value->is_null);
    buf_reset(&seeder->bytes);
    value_canonical(seeder->call->type, value, &seeder->bytes);
    return buf_span(&seeder->bytes);
}

uint64_t seeder_value(struct seeder *seeder, const struct value *value, uint32_t row,
                      uint64_t level)
{
    const struct transform_call *call = seeder->call;
    uint64_t head[3] = {PURPOSE_VALUE, level, 0};

    assert(!value->is_null);
    if (call->per == PER_SUBJECT)
        head[2] = call->subjects[row];
    else if (call->per == PER_ROW)
        head[2] = call->identities[row];
    buf_reset(&seeder->bytes);
    buf_add(&seeder->bytes, head, sizeof(head));
    value_canonical(call->type, value, &seeder->bytes);
    if (!buf_ok(&seeder->bytes))
        return 0;
    if (seeder->folds_case)
        bytes_fold(seeder->bytes.ptr + sizeof(head), seeder->bytes.len - sizeof(head));
    return siphash(&call->key->sip, seeder->bytes.ptr, seeder->bytes.len);
}

bool seeder_ok(const struct seeder *seeder, struct error *err)
{
    return buf_ok(&seeder->bytes) || error_memory(err);
}
