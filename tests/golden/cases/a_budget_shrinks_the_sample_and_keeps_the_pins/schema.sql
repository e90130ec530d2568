CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE entry (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account);
INSERT INTO account SELECT g FROM generate_series(1, 1000) g;
INSERT INTO entry SELECT g, 1 + g % 1000 FROM generate_series(1, 5000) g;
CREATE INDEX ON entry (account_id);
