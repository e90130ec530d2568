CREATE TABLE account (email varchar(100) PRIMARY KEY, name varchar(40)) COLLATE utf8mb4_general_ci;
CREATE TABLE login (id int PRIMARY KEY, email varchar(100) NOT NULL, FOREIGN KEY (email) REFERENCES account (email)) COLLATE utf8mb4_general_ci;
INSERT INTO account SELECT concat('User', g, '@Real.Test'), concat('n', g) FROM tests.series WHERE g BETWEEN 1 AND 60;
INSERT INTO login SELECT g, concat(elt(1 + g % 3, 'user', 'USER', 'User'), 1 + g % 60, '@real.TEST') FROM tests.series WHERE g BETWEEN 1 AND 180;
