CREATE TABLE person (
    id int PRIMARY KEY, first text NOT NULL, price numeric(10,2), UNIQUE (first),
    twice numeric GENERATED ALWAYS AS (price * 2),
    named text GENERATED ALWAYS AS (id || ':' || first) VIRTUAL NOT NULL,
    stored int GENERATED ALWAYS AS (id + 1) STORED,
    CHECK (twice >= 0));
COMMENT ON COLUMN person.twice IS 'only when it is read';
INSERT INTO person SELECT g, 'name ' || g, g * 1.5 FROM generate_series(1, 200) g;
CREATE TABLE visit (person_id int REFERENCES person, note text, length int GENERATED ALWAYS AS (length(note)));
INSERT INTO visit SELECT g, repeat('x', g % 20) FROM generate_series(1, 200) g, generate_series(1, 2);
CREATE TABLE event (at date, day int GENERATED ALWAYS AS (extract(day FROM at)) VIRTUAL, n int) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
INSERT INTO event (at, n) SELECT date '2020-01-01' + g, g FROM generate_series(0, 50) g;
CREATE INDEX ON event (at);
ANALYZE;
