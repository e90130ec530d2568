CREATE TABLE person (
    id bigint PRIMARY KEY, uid binary(16) NOT NULL UNIQUE, code varchar(40) NOT NULL UNIQUE, email varchar(80) NOT NULL UNIQUE, phone text, first text, last text, whole text,
    born date, joined datetime(6) NOT NULL, left_at datetime(6), day date, plate text, note text, secret text, fixed text, gone text,
    salary decimal(12, 2), net decimal(12, 2), tax decimal(12, 2), gross decimal(12, 2), age int unsigned, level enum('low', 'middle', 'high'), flag boolean, picture blob, extra json, tags json, ratio double, local_time datetime(6),
    roles set('buyer', 'seller', 'guest'), `at` time(6), since year, bits bit(7), search point, far date)
    COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, unhex(of_g), concat('cus_', lpad(g * 7919, 9, 'a')), concat('Person.', g, '@mail.test'), concat('+1 (212) 555-', lpad(g, 4, '0')),
    elt(1 + g % 4, 'Ann', 'Jürgen', 'Мария', '花子'), elt(1 + g % 4, 'Smith', 'Müller', 'Иванова', '山田'), concat('Ann Marie Smith-', g),
    date '1950-03-04' + INTERVAL g * 100 DAY, timestamp '2021-01-01 10:00:00' + INTERVAL g DAY, CASE WHEN g % 2 = 0 THEN timestamp '2022-01-01 10:00:00' + INTERVAL g DAY END, date '2021-05-06' + INTERVAL g DAY,
    concat('AB-', lpad(g, 4, '0'), ' c'), concat('Call Person ', g, ' at +1 212 555 0000'), concat('hunter', g), 'was here', concat('gone ', g),
    1000 + g, 100 + g, 10 + g, 110 + 2 * g, 20 + g, elt(1 + g % 3, 'low', 'middle', 'high'), g % 2 = 0, unhex(concat('89504e47', lpad(hex(g), 4, '0'))),
    json_object('phone', '+1 212 555 0199', 'Real Name', concat('Ann ', g), 'n', g), json_array(concat('tag', g), NULL), g / 3e0, timestamp '2021-01-01 10:00:00' + INTERVAL g DAY,
    elt(1 + g % 3, 'buyer', 'buyer,guest', ''), sec_to_time(g * 777), 1990 + g, g, point(g, 1), CASE WHEN g % 5 = 0 THEN '9999-12-31' ELSE '2021-05-06' END
    FROM tests.hashes WHERE g BETWEEN 1 AND 40;
SET sql_mode = '';
INSERT INTO person (id, uid, code, email, joined, far) VALUES (41, x'9dd4e461268c8034f5c8564e155c67a6', 'cus_000', 'not an address', '0000-00-00 00:00:00', '0000-00-00');
