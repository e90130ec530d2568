CREATE TABLE accounts (mail varchar(100) COLLATE utf8mb4_general_ci PRIMARY KEY);
CREATE TABLE logins (id int PRIMARY KEY, mail varchar(100) COLLATE utf8mb4_general_ci, FOREIGN KEY (mail) REFERENCES accounts (mail));
INSERT INTO accounts VALUES ('Änn@shop.test');
INSERT INTO logins VALUES (1, 'ann@shop.test');
