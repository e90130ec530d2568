/* Values at the edges of each kind, which every rule must stand. */
#ifndef TESTS_UNIT_TRANSFORM_NASTY_H
#define TESTS_UNIT_TRANSFORM_NASTY_H

#include "value/value.h"

#include <math.h>

static const char *const nasty_texts[] = {
    "",
    "a",
    "Z",
    "7",
    "Anna",
    "ANNA-MARIA",
    "O'Neill, Seán",
    "x@y.example",
    "Bob.Smith@Example.org",
    "not@an@address",
    "@",
    "+49 170 1234567",
    "0049 (170) 123-4567",
    "555-1234",
    "112",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "192.168.1.77",
    "http://user:pass@host.example/path?q=1#f",
    "jürgen müller",
    "王小明",
    "Жуков Иван",
    "مرحبا ١٢٣",
    "שלום",
    "e\xcc\x81t\xc3\xa9",
    "\xe2\x80\xae\xd7\xa9 abc \xe2\x80\xac",
    "👩‍💻 🇩🇪 emoji",
    "two\nlines\tand tab\r\n",
    "\x01\x02\x7f",
    "{\"a\":[1,2.50,\"x\",null,true],\"a\":{\"b\":1e3}}",
    "{broken",
    "[]",
    "  ",
    "....",
    "\xff\xfe",
    "ab\xc3",
    "\xed\xa0\x80",
    "12345678-9abc-4def-8123-456789abcdef",
    "ſ Ǆ ﬁ Ⅷ ½ ²",
    "9223372036854775808",
    "-1",
};

static const char *const nasty_decimals[] = {
    "0",
    "0.00",
    "-0",
    "1",
    "-1",
    "0.01",
    "-0.01",
    "99999.99",
    "123456789012345678901234567890.5",
    "1.50",
    "1.5",
    "NaN",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "0.000000000000000000000000000001",
    "Infinity",
    "-Infinity",
    "1000000",
};

static const char *const nasty_jsons[] = {
    "{}",       "[]",
    "null",     "true",
    "0",        "12",
    "-0.5e-7",  "\"text\"",
    "\"\"",     "{\"a\":1,\"b\":[true,{\"c d\":\"x\"}]}",
    " { }",     "18446744073709551616.5",
    "[[[[]]]]",
};

static const int64_t nasty_integers[] = {
    0,
    1,
    -1,
    2,
    9,
    10,
    -10,
    16383,
    16384,
    32767,
    -32768,
    32768,
    2147483647,
    -2147483648,
    INT64_C(1) << 31,
    INT64_MAX,
    INT64_MIN,
    INT64_MIN + 1,
    INT64_C(1) << 53,
    1000000,
};

/* BC, the ends of the type, the sentinels, a leap day. */
static const int64_t nasty_times[] = {
    TIME_MIN,
    TIME_MAX,
    0,
    1,
    -1,
    1700000000000000,
    -210866803200000000,
    -210866803200000000 + 1,
    253402300799999999,
    253402214400000000,
    951782400000000,
    1583020800000000,
    9223371331200000000,
    -62135596800000000,
};

static const int64_t nasty_dates[] = {TIME_MIN, TIME_MAX, 0,          1,     -1,     19675,
                                      -2440588, 2932896,  2145042905, 11016, -719529};

static const double nasty_reals[] = {0,
                                     -0.0,
                                     1,
                                     -1,
                                     0.1,
                                     1e300,
                                     -1e-300,
                                     5e-324,
                                     1e-310,
                                     1.7976931348623157e308,
                                     (double)NAN,
                                     (double)INFINITY,
                                     -(double)INFINITY};

#endif
