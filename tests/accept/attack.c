/* Attacks the masked bank, prints what each finds beside its bar, and fails where a bar does not
 * hold or a control is not found. usage: attack SOURCE WARPED CONSTANT PRICES WEEK TARGETS
 *
 * SOURCE, WARPED and CONSTANT hold the same trades, ordered by number: number, account,
 * microseconds since 1970, quantity, amount. Ends with "N passed, N failed, N skipped". */
#include "linkage/linkage.h"
#include "transform/week.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ACCOUNTS = 5000, TRADES_MAX = 400000, MINUTES_MAX = 2000000, THREADS_MAX = 16 };

#define DAY_US    INT64_C(86400000000)
#define MINUTE_US INT64_C(60000000)
#define FIRST_US  INT64_C(1672617600000000) /* of bank.c */

struct trade {
    long number, account;
    int64_t time;
    double quantity, amount;
};

struct trades {
    size_t count;
    struct trade *rows;
};

static unsigned passed, failed;

static void say(bool is_ok, const char *format, double figure, const char *bar)
{
    printf("%s  ", is_ok ? "ok    " : "FAILED");
    printf(format, figure);
    printf("  (%s)\n", bar);
    passed += is_ok;
    failed += !is_ok;
    (void)fflush(stdout);
}

static void must(bool is_true, const char *what)
{
    if (is_true)
        return;
    (void)fprintf(stderr, "attack: %s\n", what);
    exit(2);
}

static struct trades trades_read(const char *path)
{
    struct trades trades = {.rows = calloc(TRADES_MAX, sizeof(*trades.rows))};
    FILE *file = fopen(path, "re");
    struct trade row;
    long long time;

    must(file && trades.rows, path);
    while (fscanf(file, "%ld %ld %lld %lf %lf", &row.number, &row.account, &time, &row.quantity,
                  &row.amount) == 5) {
        row.time = time;
        must(trades.count < TRADES_MAX, "too many trades");
        trades.rows[trades.count++] = row;
    }
    must(feof(file) && fclose(file) == 0 && trades.count > 100000, path);
    return trades;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct trade *const *left = a, *const *right = b;
    const long x = left[0]->account, y = right[0]->account;

    if (x != y)
        return x < y ? -1 : 1;
    return (left[0]->time > right[0]->time) - (left[0]->time < right[0]->time);
}

/* Both sides of each trade, by account and true time. */
struct pairs {
    size_t count;
    const struct trade *(*rows)[2];
};

static struct pairs pairs_make(const struct trades *source, const struct trades *target)
{
    struct pairs pairs = {.count = source->count};

    must(source->count == target->count, "trades were lost");
    pairs.rows = calloc(pairs.count, sizeof(*pairs.rows));
    must(pairs.rows, "no memory");
    for (size_t i = 0; i < pairs.count; i++) {
        must(source->rows[i].number == target->rows[i].number &&
                 source->rows[i].account == target->rows[i].account,
             "staging holds other trades");
        pairs.rows[i][0] = &source->rows[i];
        pairs.rows[i][1] = &target->rows[i];
    }
    qsort(pairs.rows, pairs.count, sizeof(*pairs.rows), compare_pairs);
    return pairs;
}

static struct linkage *linkage_make(const struct pairs *pairs, const struct linkage_mask *mask,
                                    bool is_control, struct arena *arena)
{
    struct linkage_event *events = calloc(pairs->count, sizeof(*events));
    struct linkage_subject *subjects = calloc(ACCOUNTS + 1, sizeof(*subjects));
    struct linkage_setup setup = {
        .population = {0, subjects, pairs->count, events},
        .mask = *mask,
        .picks = {1, 2},
        .is_control = is_control,
    };
    struct linkage *linkage = NULL;
    struct error err = {0};

    must(events && subjects, "no memory");
    for (size_t i = 0; i < pairs->count; i++) {
        const struct trade *source = pairs->rows[i][0], *target = pairs->rows[i][1];

        if (i == 0 || source->account != pairs->rows[i - 1][0]->account)
            subjects[setup.population.subject_count++].first = i;
        subjects[setup.population.subject_count - 1].count++;
        events[i] = (struct linkage_event){source->time,
                                           target->time,
                                           source->amount,
                                           target->amount,
                                           source->quantity,
                                           target->quantity,
                                           0};
    }
    must(setup.population.subject_count == ACCOUNTS, "accounts were lost");
    must(linkage_new(&setup, arena, &linkage, &err), err.cause);
    return linkage;
}

struct campaign { /* the targets of one attack, shared by the threads */
    const struct linkage *linkage;
    const struct linkage_question *question;
    const size_t *targets;
    struct linkage_outcome *outcomes;
    size_t count;
    atomic_size_t next;
};

static void *campaign_run(void *context)
{
    struct campaign *campaign = context;
    struct error err = {0};

    for (;;) {
        const size_t i = atomic_fetch_add(&campaign->next, 1);

        if (i >= campaign->count)
            return NULL;
        must(linkage_attack_target(campaign->linkage, campaign->question, campaign->targets[i],
                                   NULL, &campaign->outcomes[i], &err),
             err.cause);
    }
}

static struct linkage_result attack(const struct linkage *linkage, enum linkage_attack kind,
                                    size_t known, size_t most)
{
    const struct linkage_question question = {kind, known};
    struct campaign campaign = {.linkage = linkage, .question = &question};
    struct linkage_result result = {0};
    AUTO(arena) struct arena *arena = arena_new();
    struct error err = {0};
    pthread_t threads[THREADS_MAX];
    size_t *targets = NULL;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    processors = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : processors;
    must(linkage_targets(linkage, known, most, arena, &targets, &campaign.count, &err), err.cause);
    campaign.targets = targets;
    campaign.outcomes = calloc(campaign.count + 1, sizeof(*campaign.outcomes));
    must(campaign.outcomes && campaign.count == most, "too few targets");
    for (long i = 0; i < processors; i++)
        must(pthread_create(&threads[i], NULL, campaign_run, &campaign) == 0, "no thread");
    for (long i = 0; i < processors; i++)
        must(pthread_join(threads[i], NULL) == 0, "no thread");
    must(linkage_sum(linkage, campaign.outcomes, campaign.count, &result, &err), err.cause);
    must(result.targets == most, "targets were left out");
    free(campaign.outcomes);
    return result;
}

/* "week: [n, n, ...]" over several lines. */
static const struct week *week_read(const char *path, struct arena *arena)
{
    int64_t counts[WEEK_HOURS];
    FILE *file = fopen(path, "re");
    const struct week *week = NULL;
    struct error err = {0};
    long long count;

    must(file && fscanf(file, "week: [") == 0, path);
    for (int i = 0; i < WEEK_HOURS; i++) {
        must(fscanf(file, " %lld ,", &count) == 1, "the week has 168 hours");
        counts[i] = count;
    }
    must(fclose(file) == 0 && week_make(counts, arena, &week, &err), err.cause);
    return week;
}

static struct linkage_series series_read(const char *path, struct arena *arena)
{
    struct linkage_price *prices = ARENA_ARRAY(arena, MINUTES_MAX, struct linkage_price);
    FILE *file = fopen(path, "re");
    size_t count = 0;
    double price;

    must(file && prices, path);
    while (count < MINUTES_MAX && fscanf(file, "%lf", &price) == 1) {
        prices[count] = (struct linkage_price){FIRST_US + (int64_t)count * MINUTE_US, price};
        count++;
    }
    must(feof(file) && fclose(file) == 0, path);
    return (struct linkage_series){count, prices};
}

static int64_t floored(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Half the sum of the differences of shares: the total variation distance. */
static double distance(const double *a, const double *b, int count, size_t total)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += fabs(a[i] - b[i]);
    return sum / 2 / (double)total;
}

static void month_count(int64_t time, double months[12])
{
    const time_t seconds = (time_t)floored(time, 1000000);
    struct tm parts;

    gmtime_r(&seconds, &parts);
    months[parts.tm_mon]++;
}

/* What staging must still be good for. */
static void judge_use(const struct pairs *pairs)
{
    double weekdays[2][7] = {0}, hours[2][24] = {0}, months[2][12] = {0}, totals[2] = {0};
    size_t reversed = 0, moved_on = 0;

    for (size_t i = 0; i < pairs->count; i++) {
        for (int side = 0; side < 2; side++) {
            const struct trade *row = pairs->rows[i][side];

            weekdays[side][((floored(row->time, DAY_US) + 3) % 7 + 7) % 7]++;
            hours[side][floored(row->time, 60 * MINUTE_US) - floored(row->time, DAY_US) * 24]++;
            month_count(row->time, months[side]);
            totals[side] += row->amount;
        }
        moved_on += pairs->rows[i][1]->time > pairs->rows[i][0]->time;
        if (i > 0 && pairs->rows[i][0]->account == pairs->rows[i - 1][0]->account)
            reversed += pairs->rows[i][1]->time < pairs->rows[i - 1][1]->time;
    }
    say(reversed == 0, "order within an account reversed %.0f times", (double)reversed, "0");
    say(moved_on == 0, "times moved into the future: %.0f", (double)moved_on, "0");
    const double day = distance(weekdays[0], weekdays[1], 7, pairs->count);
    const double hour = distance(hours[0], hours[1], 24, pairs->count);
    const double month = distance(months[0], months[1], 12, pairs->count);

    say(day <= .02, "weekdays differ by %.4f", day, "at most .02");
    say(hour <= .02, "hours of the day differ by %.4f", hour, "at most .02");
    say(month <= .02, "months differ by %.4f", month, "at most .02");
    const double total = fabs(totals[1] / totals[0] - 1) * 100;

    say(total <= .5, "the total of all amounts moved by %.3f %%", total, "at most 0.5 %");
}

static void judge_times(const struct linkage *linkage, size_t most)
{
    const struct linkage_result calendar = attack(linkage, LINKAGE_CALENDAR, 4, most * 4 / 3);
    const struct linkage_result interval = attack(linkage, LINKAGE_INTERVAL, 4, most * 4 / 3);
    const struct linkage_result bayes = attack(linkage, LINKAGE_BAYES, 4, most);
    const struct linkage_result eight = attack(linkage, LINKAGE_BAYES, 8, most);

    say(calendar.found <= .005, "calendar join, K=4: %.2f %% found", calendar.found * 100,
        "at most 0.5 %");
    say(interval.found <= .005, "interval join, K=4: %.2f %% found", interval.found * 100,
        "at most 0.5 %");
    say(bayes.found <= .06, "Bayes, K=4: %.2f %% found", bayes.found * 100, "at most 6 %");
    say(bayes.median_rank >= 200, "Bayes, K=4: median rank %.0f of 5000", bayes.median_rank,
        "at least 200");
    say(eight.found <= .35, "Bayes, K=8: %.2f %% found", eight.found * 100, "at most 35 %");
}

static void judge_amounts(const struct linkage *linkage, const struct linkage_series *series)
{
    struct linkage_tape tape = {0};
    struct linkage_prices prices = {0};
    struct error err = {0};

    must(linkage_tape(linkage, &tape, &err), err.cause);
    say(tape.rows > 0 && tape.by_amount <= .001, "trades linked to the tape by amount: %.4f %%",
        tape.by_amount * 100, "at most 0.1 %");
    must(linkage_prices(linkage, series, 150, 7 * DAY_US, NULL, &prices, &err), err.cause);
    printf("        floor of the attack on prices: %.1f %%\n", prices.floor * 100);
    say(prices.targets >= 100 && prices.recovered <= prices.floor + .1,
        "shift recovered from prices: %.1f %%", prices.recovered * 100,
        "at most the floor and 10 points");
}

/* An attack that does not find what is known to be found shows nothing. */
static void judge_controls(const struct pairs *plain, const struct pairs *constant,
                           const struct linkage_mask *mask, const struct linkage_series *series)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct linkage_mask shifted = *mask;
    struct linkage_tape tape = {0};
    struct linkage_prices prices = {0};
    struct error err = {0};

    shifted.time = LINKAGE_TIME_CONSTANT;
    const struct linkage *none = linkage_make(plain, mask, true, arena);
    const struct linkage *weeks = linkage_make(constant, &shifted, false, arena);
    const struct linkage_result calendar = attack(none, LINKAGE_CALENDAR, 4, 100);
    const struct linkage_result bayes = attack(none, LINKAGE_BAYES, 4, 100);
    const struct linkage_result interval = attack(weeks, LINKAGE_INTERVAL, 4, 100);
    const struct linkage_result constant_bayes = attack(weeks, LINKAGE_BAYES, 4, 100);

    say(calendar.found >= .99, "control, no mask: the calendar join finds %.1f %%",
        calendar.found * 100, "at least 99 %");
    say(bayes.found >= .99, "control, no mask: Bayes finds %.1f %%", bayes.found * 100,
        "at least 99 %");
    say(interval.found >= .99, "control, constant shift: the interval join finds %.1f %%",
        interval.found * 100, "at least 99 %");
    say(constant_bayes.found >= .99, "control, constant shift: Bayes finds %.1f %%",
        constant_bayes.found * 100, "at least 99 %");
    must(linkage_tape(none, &tape, &err), err.cause);
    say(tape.by_amount >= .5, "control, no mask: %.1f %% of the trades link to the tape",
        tape.by_amount * 100, "at least 50 %");
    must(linkage_prices(none, series, 50, 7 * DAY_US, NULL, &prices, &err), err.cause);
    say(prices.recovered >= .9, "control, no mask: prices place %.1f %% of the accounts",
        prices.recovered * 100, "at least 90 %");
}

int main(int argc, char **argv)
{
    AUTO(arena) struct arena *arena = arena_new();
    double cumulated[WEEK_HOURS + 1];
    struct linkage_mask mask = {
        .time = LINKAGE_TIME_WARP,
        .back_low = 7,
        .back_high = 58,
        .scale_count = 4,
        .scales = {91 * DAY_US, 7 * DAY_US, DAY_US, DAY_US / 12},
        .week = cumulated,
        .amount = LINKAGE_AMOUNT_FACTOR,
        .sigma = .5,
    };

    must(argc == 7 && arena, "usage: attack SOURCE WARPED CONSTANT PRICES WEEK TARGETS");
    const struct trades source = trades_read(argv[1]), warped = trades_read(argv[2]);
    const struct trades constant = trades_read(argv[3]);
    const struct linkage_series series = series_read(argv[4], arena);
    const struct week *week = week_read(argv[5], arena);
    const size_t most = strtoul(argv[6], NULL, 10);

    for (int i = 0; i <= WEEK_HOURS; i++)
        cumulated[i] = (double)week->starts[i] / (double)week->starts[WEEK_HOURS];
    const struct pairs plain = pairs_make(&source, &source), masked = pairs_make(&source, &warped);
    const struct pairs weeks = pairs_make(&source, &constant);
    const struct linkage *linkage = linkage_make(&masked, &mask, false, arena);

    judge_use(&masked);
    judge_amounts(linkage, &series);
    judge_controls(&plain, &weeks, &mask, &series);
    judge_times(linkage, most);
    printf("%u passed, %u failed, 0 skipped\n", passed, failed);
    return failed > 0;
}
