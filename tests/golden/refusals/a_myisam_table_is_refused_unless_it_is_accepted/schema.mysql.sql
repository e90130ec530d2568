CREATE TABLE journal (id int PRIMARY KEY, body varchar(40)) ENGINE = MyISAM;
CREATE TABLE thing (id int PRIMARY KEY) ENGINE = InnoDB;
INSERT INTO journal VALUES (1, 'a');
