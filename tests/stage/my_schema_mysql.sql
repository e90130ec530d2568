-- What only MySQL has.
USE shop;
CREATE TABLE modern (
    id int PRIMARY KEY,
    hidden int INVISIBLE,
    place point NOT NULL SRID 4326,
    body json,
    early int DEFAULT (1 + 2),
    KEY plus_one ((early + 1)),
    KEY unseen (early) INVISIBLE,
    SPATIAL KEY place (place),
    KEY parts ((CAST(body -> '$.a' AS UNSIGNED ARRAY))),
    FULLTEXT KEY grams (note) WITH PARSER ngram,
    note varchar(100),
    CONSTRAINT loose CHECK (early <> 'it''s )') NOT ENFORCED
);
