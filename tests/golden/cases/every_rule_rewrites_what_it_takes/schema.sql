CREATE TYPE level AS ENUM ('low', 'middle', 'high');
CREATE TABLE person (
    id bigint PRIMARY KEY, uid uuid NOT NULL UNIQUE, code text NOT NULL UNIQUE, email varchar(80) NOT NULL UNIQUE, phone text, first text, last text, whole text,
    born date, joined timestamptz NOT NULL, left_at timestamptz, day date, plate text, note text, secret text, fixed text, gone text,
    salary numeric(12, 2), net numeric(12, 2), tax numeric(12, 2), gross numeric(12, 2), age int, level level, flag boolean, picture bytea, extra jsonb, tags text[], ratio float8, local_time timestamp, search tsvector);
INSERT INTO person SELECT g, md5(g::text)::uuid, 'cus_' || lpad((g * 7919)::text, 9, 'a'), 'Person.' || g || '@mail.test', '+1 (212) 555-' || lpad(g::text, 4, '0'),
    (ARRAY['Ann', 'Jürgen', 'Мария', '花子'])[1 + g % 4], (ARRAY['Smith', 'Müller', 'Иванова', '山田'])[1 + g % 4], 'Ann Marie Smith-' || g,
    date '1950-03-04' + g * 100, '2021-01-01 10:00:00+00'::timestamptz + g * interval '1 day', CASE WHEN g % 2 = 0 THEN '2022-01-01 10:00:00+00'::timestamptz + g * interval '1 day' END, date '2021-05-06' + g,
    'AB-' || lpad(g::text, 4, '0') || ' c', 'Call Person ' || g || ' at +1 212 555 0000', 'hunter' || g, 'was here', 'gone ' || g,
    1000 + g, 100 + g, 10 + g, 110 + 2 * g, 20 + g, (ARRAY['low', 'middle', 'high']::level[])[1 + g % 3], g % 2 = 0, ('\x89504e47' || lpad(to_hex(g), 4, '0'))::bytea,
    jsonb_build_object('phone', '+1 212 555 0199', 'Real Name', 'Ann ' || g, 'n', g), ARRAY['tag' || g, NULL], g / 3.0, '2021-01-01 10:00:00'::timestamp + g * interval '1 day', to_tsvector('simple', 'secret word ' || g)
    FROM generate_series(1, 40) g;
INSERT INTO person (id, uid, code, email, joined) VALUES (41, md5('x')::uuid, 'cus_000', 'not an address', 'infinity');
