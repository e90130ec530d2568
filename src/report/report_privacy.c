/* What is known of how well people are hidden: `privacy` of the run report, its limits, and its
 * line for the terminal. */
#include "report/report_privacy.h"

#include "base/words.h"

enum { SUBJECTS_FEW = 500 };

static void result_write(struct json *json, const struct linkage_result *result)
{
    json_key_integer(json, "targets", (int64_t)result->targets);
    if (result->targets == 0) {
        static const char *const keys[] = {"found", "top_ten", "median_rank"};

        for (size_t i = 0; i < COUNT_OF(keys); i++) {
            json_key(json, keys[i]);
            json_null(json);
        }
        return;
    }
    json_key_real(json, "found", result->found, 4);
    json_key_real(json, "top_ten", result->top_ten, 4);
    json_key_real(json, "median_rank", result->median_rank, 1);
}

static void attack_write(struct json *json, const struct privacy_attack *attack)
{
    json_object(json);
    json_key_text(json, "attack", linkage_attack_name(attack->question.attack));
    json_key_integer(json, "known", (int64_t)attack->question.known);
    result_write(json, &attack->result);
    json_key(json, "control");
    json_object(json);
    result_write(json, &attack->control);
    json_object_end(json);
    json_object_end(json);
}

static void tape_write(struct json *json, const struct linkage_tape *tape)
{
    json_key_integer(json, "rows", (int64_t)tape->rows);
    json_key_real(json, "by_amount", tape->by_amount, 6);
    json_key_real(json, "by_amount_and_minute", tape->by_amount_and_minute, 6);
}

static void numbers_write(struct json *json, const struct privacy *privacy)
{
    json_key(json, "tape");
    if (privacy->has_tape) {
        json_object(json);
        tape_write(json, &privacy->tape);
        json_key(json, "control");
        json_object(json);
        tape_write(json, &privacy->tape_control);
        json_object_end(json);
        json_object_end(json);
    } else {
        json_null(json);
    }
    json_key(json, "prices");
    if (privacy->has_prices) {
        json_object(json);
        json_key_integer(json, "targets", (int64_t)privacy->prices.targets);
        json_key_real(json, "recovered", privacy->prices.recovered, 4);
        json_key_real(json, "floor", privacy->prices.floor, 4);
        json_key_real(json, "control", privacy->prices_control.recovered, 4);
        json_object_end(json);
    } else {
        json_null(json);
    }
}

/* Which ways of hiding were attacked, and what was found by each. */
static void masks_write(struct json *json, const struct privacy *privacy)
{
    json_key(json, "masks");
    json_array(json);
    for (size_t i = 0; i < privacy->mask_count; i++) {
        const struct privacy_mask *mask = &privacy->masks[i];

        json_object(json);
        json_key_text(json, "mask", gather_way_name(mask->way));
        json_key_integer(json, "columns", (int64_t)mask->column_count);
        json_key_integer(json, "candidates", (int64_t)mask->candidates);
        json_key_integer(json, "events", (int64_t)mask->events);
        json_key_integer(json, "known", mask->worst ? (int64_t)mask->worst->question.known : 0);
        json_key(json, "found");
        if (mask->worst)
            json_real(json, mask->worst->result.found, 4);
        else
            json_null(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void linkage_write(struct json *json, const struct privacy *privacy)
{
    json_key(json, "linkage");
    json_object(json);
    json_key_bool(json, "measured", privacy->is_measured);
    json_key_text(json, "why_not", privacy->why);
    json_key_text(json, "not_attacked", privacy->blind);
    json_key_text(json, "mask", privacy->is_measured ? gather_way_name(privacy->way) : NULL);
    masks_write(json, privacy);
    json_key_integer(json, "subjects", (int64_t)privacy->subjects);
    json_key_integer(json, "candidates", (int64_t)privacy->candidates);
    json_key_integer(json, "events", (int64_t)privacy->events);
    json_key_integer(json, "columns", (int64_t)privacy->column_count);
    json_key_integer(json, "columns_shifted_otherwise", (int64_t)privacy->other_columns);
    json_key_bool(json, "is_sample", privacy->is_cut);
    json_key_bool(json, "is_out_of_time", privacy->is_out_of_time);
    json_key(json, "guess");
    if (privacy->candidates)
        json_real(json, 1 / (double)privacy->candidates, 6);
    else
        json_null(json);
    json_key(json, "attacks");
    json_array(json);
    for (size_t i = 0; privacy->is_measured && i < PRIVACY_ATTACKS; i++)
        attack_write(json, &privacy->attacks[i]);
    json_array_end(json);
    numbers_write(json, privacy);
    json_object_end(json);
    json_key(json, "order");
    json_object(json);
    json_key_integer(json, "neighbors", (int64_t)privacy->neighbors);
    json_key_integer(json, "reversed", (int64_t)privacy->reversed);
    json_object_end(json);
}

static void names_write(struct json *json, const struct privacy_unique *unique)
{
    AUTO(arena) struct arena *arena = arena_new();

    json_key(json, unique->edge_count ? "edges" : "columns");
    json_array(json);
    for (size_t i = 0; arena && i < unique->column_count; i++)
        json_text(json, words_printable(arena, unique->columns[i]->name));
    for (size_t i = 0; i < unique->edge_count; i++)
        json_text(json, unique->edges[i]->name);
    json_array_end(json);
}

static void sizes_write(struct json *json, const char *key, const uint64_t sizes[3])
{
    json_key(json, key);
    json_object(json);
    json_key_integer(json, "rows", (int64_t)sizes[0]);
    json_key_integer(json, "unique", (int64_t)sizes[1]);
    json_key_integer(json, "below_5", (int64_t)sizes[2]);
    json_object_end(json);
}

/* Rows that were sampled and rows that came as tails are told apart where that is known; else all
 * count as sampled. */
static void unique_write(struct json *json, const struct privacy_unique *unique)
{
    const uint64_t tail[] = {unique->has_tail ? unique->tail_rows : 0,
                             unique->has_tail ? unique->tail_unique : 0,
                             unique->has_tail ? unique->tail_few : 0};
    const uint64_t sampled[] = {unique->rows - tail[0], unique->unique - tail[1],
                                unique->few - tail[2]};

    assert(unique->rows >= tail[0] && unique->unique >= tail[1] && unique->few >= tail[2]);
    json_object(json);
    json_key_text(json, "table", unique->table->label);
    names_write(json, unique);
    sizes_write(json, "sampled", sampled);
    if (unique->has_tail) {
        sizes_write(json, "tail", tail);
    } else {
        json_key(json, "tail");
        json_null(json);
    }
    json_object_end(json);
}

static void uniques_write(struct json *json, const char *key, const struct privacy_unique *uniques,
                          size_t count)
{
    json_key(json, key);
    json_array(json);
    for (size_t i = 0; i < count; i++)
        unique_write(json, &uniques[i]);
    json_array_end(json);
}

void report_privacy_write(struct json *json, const struct report *report)
{
    const struct privacy *privacy = report->privacy;

    json_key(json, "privacy");
    json_object(json);
    if (privacy) {
        json_key_text(json, "claim", "pseudonymized and linkage-tested, not anonymous");
        json_key(json, "max_reidentified");
        if (report->profile && report->profile->max_reidentified >= 0)
            json_real(json, report->profile->max_reidentified, 4);
        else
            json_null(json);
        linkage_write(json, privacy);
        uniques_write(json, "quasi_identifiers", privacy->uniques, privacy->unique_count);
        uniques_write(json, "fingerprints", privacy->fingerprints, privacy->fingerprint_count);
    }
    json_object_end(json);
}

/* The attack must find who is not masked, or what it does not find means nothing. */
static double control_of(const struct privacy *privacy)
{
    return privacy->attacks[PRIVACY_LIMITED].control.found;
}

static size_t measured_limits(const struct privacy *privacy, struct arena *arena,
                              const char *texts[REPORT_PRIVACY_LIMITS])
{
    const struct linkage_result *result = &privacy->attacks[PRIVACY_LIMITED].result;
    size_t count = 0;

    texts[count++] = arena_printf(
        arena,
        "people are linkage-tested, not anonymous: the figures hold for %zu subjects and one "
        "generation; who sees several, or knows more of a person than 8 times, finds more",
        privacy->candidates);
    if (privacy->is_cut)
        texts[count++] = arena_printf(arena, "attacks were measured on %zu subjects of %llu",
                                      privacy->candidates, (unsigned long long)privacy->subjects);
    else if (privacy->candidates < SUBJECTS_FEW)
        texts[count++] =
            arena_printf(arena, "%zu subjects are few to hide among: guessing alone finds %.1f %%",
                         privacy->candidates, 100 / (double)privacy->candidates);
    if (result->targets == 0)
        texts[count++] = "no subject has 4 times: what somebody finds who knows 4 was not "
                         "measured";
    else if (control_of(privacy) < 0.99)
        texts[count++] = arena_printf(
            arena, "times tell people apart badly here: the attack finds %.1f %% even unmasked",
            100 * control_of(privacy));
    if (privacy->way == GATHER_EXACT || privacy->way == GATHER_COARSE)
        texts[count++] = arena_printf(arena,
                                      "%zu columns keep times of subjects: the figures are those "
                                      "of somebody who knows such times",
                                      privacy->column_count);
    if (privacy->blind)
        texts[count++] =
            arena_printf(arena, "not all times of subjects were attacked: %s", privacy->blind);
    if (privacy->other_columns)
        texts[count++] =
            arena_printf(arena, "%zu columns are shifted otherwise than most and were not attacked",
                         privacy->other_columns);
    if (privacy->reversed)
        texts[count++] = arena_printf(
            arena, "%llu of %llu neighboring times of a person have changed their order",
            (unsigned long long)privacy->reversed, (unsigned long long)privacy->neighbors);
    if (privacy->is_out_of_time)
        texts[count++] = "some attacks were ended by time before all their targets were tried";
    return count;
}

size_t report_privacy_limits(const struct report *report, struct arena *arena,
                             const char *texts[REPORT_PRIVACY_LIMITS])
{
    const struct privacy *privacy = report->privacy;

    if (!privacy)
        return 0;
    if (privacy->is_measured)
        return measured_limits(privacy, arena, texts);
    if (report->binding->subject_count == 0)
        return 0;
    texts[0] = arena_printf(arena, "how people are found again by their times was not measured: %s",
                            privacy->why);
    return 1;
}

void report_privacy_text(const struct report *report, struct buf *out)
{
    const struct privacy *privacy = report->privacy;
    bool is_first = true;

    if (!privacy || !privacy->is_measured)
        return;
    for (size_t i = 0; i < PRIVACY_ATTACKS; i++) {
        const struct privacy_attack *attack = &privacy->attacks[i];

        if (attack->question.attack != LINKAGE_BAYES || attack->result.targets == 0)
            continue;
        buf_add_text(out, is_first ? "people   found by " : ", ");
        buf_add_format(out, "%zu%s %.1f %%", attack->question.known,
                       is_first ? " known times" : ":", 100 * attack->result.found);
        is_first = false;
    }
    if (!is_first)
        buf_add_format(out, " (guess %.2g %%)\n", 100 / (double)privacy->candidates);
}
