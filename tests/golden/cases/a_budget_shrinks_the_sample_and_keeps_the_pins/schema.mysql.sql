CREATE TABLE account (id int unsigned PRIMARY KEY);
CREATE TABLE entry (id int unsigned PRIMARY KEY, account_id int unsigned NOT NULL, KEY (account_id), FOREIGN KEY (account_id) REFERENCES account (id));
INSERT INTO account SELECT g FROM tests.series WHERE g BETWEEN 1 AND 1000;
INSERT INTO entry SELECT g, 1 + g % 1000 FROM tests.series WHERE g BETWEEN 1 AND 5000;
