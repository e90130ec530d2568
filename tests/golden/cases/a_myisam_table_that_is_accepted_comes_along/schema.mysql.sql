CREATE TABLE journal (id int PRIMARY KEY, body varchar(40)) ENGINE = MyISAM;
CREATE TABLE thing (id int PRIMARY KEY) ENGINE = InnoDB;
INSERT INTO journal SELECT g, concat('line ', g) FROM tests.series WHERE g BETWEEN 1 AND 20;
INSERT INTO thing SELECT g FROM tests.series WHERE g BETWEEN 1 AND 20;
