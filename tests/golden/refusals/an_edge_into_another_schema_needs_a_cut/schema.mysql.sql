CREATE DATABASE production_archive;
CREATE TABLE production_archive.old (id int PRIMARY KEY);
CREATE TABLE main (id int PRIMARY KEY, old_id int NOT NULL, FOREIGN KEY (old_id) REFERENCES production_archive.old (id));
