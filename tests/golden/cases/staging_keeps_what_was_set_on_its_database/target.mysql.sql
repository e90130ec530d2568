CREATE DATABASE staging CHARACTER SET latin1 COLLATE latin1_german1_ci;
CREATE USER IF NOT EXISTS stg_reader@localhost;
GRANT SELECT ON staging.* TO stg_reader@localhost;
USE staging;
CREATE TABLE what_was_there (id int);
