CREATE DATABASE staging;
\c staging
CREATE TABLE somebodys (work int);
