CREATE TABLE person (code text PRIMARY KEY, city text NOT NULL, height int NOT NULL, joined_at timestamptz NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, person_code text REFERENCES person, at timestamptz NOT NULL);

-- Two keys that an array literal has to quote, on rows that are alone in what stays readable.
CREATE FUNCTION code(g int) RETURNS text LANGUAGE sql AS $$
SELECT CASE g WHEN 11 THEN E'a"b\\c' WHEN 22 THEN E'{x,\t y}' ELSE substr(md5(g::text), 1, 8) END $$;
INSERT INTO person
SELECT code(g), CASE g WHEN 11 THEN 'Graz' ELSE (ARRAY['Oslo', 'Lima'])[1 + g % 2] END,
    CASE g WHEN 22 THEN 230 ELSE 170 + g % 3 END, '2021-01-01 08:00+00'::timestamptz + g * interval '5 hours'
FROM generate_series(1, 400) g;
INSERT INTO note
SELECT g, code(1 + g % 400), '2023-01-01 09:00+00'::timestamptz + g * interval '7 hours' FROM generate_series(1, 2000) g;
DROP FUNCTION code;
