/* A bank that never was: 5,000 accounts and some 150,000 trades over two years against one public
 * price series, for the acceptance test. usage: bank DIRECTORY
 *
 * Writes accounts.tsv (id), trades.tsv (id, account_id, traded_at, quantity, amount) and
 * prices.tsv (a price a minute) as PostgreSQL's COPY reads them. The seed is fixed; the numbers of
 * accounts and trades are drawn so that they say nothing of time. Habits: an hour of the day of
 * each account's own, two fifths as much on weekends, bursts of some minutes; quantities are round,
 * or round sums of money, or anything. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    ACCOUNTS = 5000,
    DAYS = 730,
    MINUTES = DAYS * 1440,
    TRADES_MIN = 6,
    TRADES_MAX = 400,
    DAY = 86400
};

#define FIRST_SECOND INT64_C(1672617600) /* 2023-01-02, a Monday, 00:00 UTC */

struct trade {
    int32_t account, number;
    int64_t second; /* from FIRST_SECOND */
    double quantity, amount;
};

struct bank {
    uint64_t state;
    double *prices; /* by minute */
    struct trade *trades;
    size_t count;
};

/* splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). */
static uint64_t draw(struct bank *bank)
{
    uint64_t z = bank->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double uniform(struct bank *bank)
{
    return (double)(draw(bank) >> 11) * 0x1p-53;
}

static int32_t below(struct bank *bank, int32_t bound)
{
    return (int32_t)(uniform(bank) * bound);
}

static double normal(struct bank *bank)
{
    const double u = 1 - uniform(bank), v = uniform(bank);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* A random walk of 60 % volatility a year, in cents. */
static void prices_make(struct bank *bank)
{
    double level = log(40000);

    for (int32_t minute = 0; minute < MINUTES; minute++) {
        level += 0.6 / sqrt(525600) * normal(bank);
        bank->prices[minute] = round(exp(level) * 100) / 100;
    }
}

static double quantity_make(struct bank *bank, double price)
{
    static const double lots[] = {.01, .02, .05, .1, .15, .2, .25, .5, 1, 2};
    static const double sums[] = {50, 100, 200, 250, 500, 1000, 5000};
    const double kind = uniform(bank);

    if (kind < .5)
        return lots[below(bank, 10)];
    if (kind < .7)
        return round(sums[below(bank, 7)] / price * 1e8) / 1e8;
    return round(exp(log(.05) + 1.2 * normal(bank)) * 1e4) / 1e4 + 1e-4;
}

static int64_t second_make(struct bank *bank, double hour)
{
    int32_t day;

    do
        day = below(bank, DAYS);
    while (day % 7 >= 5 && uniform(bank) > .4);
    return (int64_t)day * DAY + (int64_t)(fmod(hour + 3 * normal(bank) + 48, 24) * 3600);
}

static int compare_times(const void *a, const void *b)
{
    const struct trade *left = a, *right = b;

    return (left->second > right->second) - (left->second < right->second);
}

static void account_make(struct bank *bank, int32_t account)
{
    const double hour = 14 + 4 * normal(bank), wanted = exp(log(20) + .9 * normal(bank));
    const int32_t count = wanted < TRADES_MIN   ? TRADES_MIN
                          : wanted > TRADES_MAX ? TRADES_MAX
                                                : (int32_t)wanted;
    struct trade *trades = &bank->trades[bank->count];

    for (int32_t i = 0; i < count; i++) {
        const bool is_burst = i > 0 && uniform(bank) < .25;
        int64_t second = is_burst ? trades[i - 1].second + (int64_t)(-log(1 - uniform(bank)) * 1200)
                                  : second_make(bank, hour);

        trades[i].account = account;
        trades[i].second = second < (int64_t)DAYS * DAY ? second : (int64_t)DAYS * DAY - 1;
    }
    qsort(trades, (size_t)count, sizeof(*trades), compare_times);
    for (int32_t i = 0; i < count; i++) {
        if (i > 0 && trades[i].second <= trades[i - 1].second)
            trades[i].second = trades[i - 1].second + 1;
        const int64_t minute = trades[i].second / 60;
        const double price = bank->prices[minute < MINUTES ? minute : MINUTES - 1];

        trades[i].quantity = quantity_make(bank, price);
        trades[i].amount = fmax(round(trades[i].quantity * price * 100) / 100, .01);
    }
    bank->count += (size_t)count;
}

static int32_t *shuffled(struct bank *bank, int32_t count)
{
    int32_t *numbers = malloc((size_t)count * sizeof(*numbers));

    for (int32_t i = 0; numbers && i < count; i++)
        numbers[i] = i + 1;
    for (int32_t i = count - 1; numbers && i > 0; i--) {
        const int32_t j = below(bank, i + 1), moved = numbers[i];

        numbers[i] = numbers[j];
        numbers[j] = moved;
    }
    return numbers;
}

/* Numbers by lot, and rows in the order of their numbers. */
static bool trades_number(struct bank *bank)
{
    int32_t *accounts = shuffled(bank, ACCOUNTS);
    int32_t *numbers = shuffled(bank, (int32_t)bank->count);

    for (size_t i = 0; accounts && numbers && i < bank->count; i++) {
        bank->trades[i].account = accounts[bank->trades[i].account];
        bank->trades[i].number = numbers[i];
    }
    free(numbers);
    free(accounts);
    return accounts && numbers;
}

static int compare_numbers(const void *a, const void *b)
{
    const struct trade *left = a, *right = b;

    return (left->number > right->number) - (left->number < right->number);
}

static FILE *file_open(const char *directory, const char *name)
{
    char path[4096];

    if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
        return NULL;
    return fopen(path, "we");
}

static void second_print(FILE *file, int64_t second)
{
    const time_t time = FIRST_SECOND + second;
    struct tm parts;
    char text[32];

    gmtime_r(&time, &parts);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S+00", &parts);
    fputs(text, file);
}

static bool bank_write(const struct bank *bank, const char *directory)
{
    FILE *accounts = file_open(directory, "accounts.tsv");
    FILE *trades = file_open(directory, "trades.tsv");
    FILE *prices = file_open(directory, "prices.tsv");

    if (!accounts || !trades || !prices)
        return false;
    for (int32_t i = 1; i <= ACCOUNTS; i++)
        fprintf(accounts, "%d\n", i);
    for (size_t i = 0; i < bank->count; i++) {
        const struct trade *trade = &bank->trades[i];

        fprintf(trades, "%d\t%d\t", trade->number, trade->account);
        second_print(trades, trade->second);
        fprintf(trades, "\t%.8f\t%.2f\n", trade->quantity, trade->amount);
    }
    for (int32_t minute = 0; minute < MINUTES; minute++)
        fprintf(prices, "%.2f\n", bank->prices[minute]);
    const bool is_written = fclose(accounts) == 0 && fclose(trades) == 0;
    return fclose(prices) == 0 && is_written;
}

int main(int argc, char **argv)
{
    struct bank bank = {.state = 20260101};

    bank.prices = malloc(MINUTES * sizeof(*bank.prices));
    bank.trades = malloc((size_t)ACCOUNTS * TRADES_MAX * sizeof(*bank.trades));
    if (argc != 2 || !bank.prices || !bank.trades)
        return 2;
    prices_make(&bank);
    for (int32_t account = 0; account < ACCOUNTS; account++)
        account_make(&bank, account);
    if (!trades_number(&bank))
        return 1;
    qsort(bank.trades, bank.count, sizeof(*bank.trades), compare_numbers);
    const bool is_written = bank_write(&bank, argv[1]);

    free(bank.trades);
    free(bank.prices);
    return is_written ? 0 : 1;
}
