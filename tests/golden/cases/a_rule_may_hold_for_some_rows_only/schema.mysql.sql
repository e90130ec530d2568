CREATE TABLE contact (id int PRIMARY KEY, kind enum('email', 'phone', 'odd') NOT NULL, value text, other varchar(100)) COLLATE utf8mb4_bin;
INSERT INTO contact SELECT g, elt(1 + g % 3, 'email', 'phone', 'odd'), elt(1 + g % 3, concat('user', g, '@corp.example'), concat('+49 30 55512', lpad(g, 2, '0')), concat('odd value ', g)), concat('public ', g) FROM tests.series WHERE g BETWEEN 1 AND 30;
INSERT INTO contact VALUES (99, 'email', NULL, NULL);
