CREATE DATABASE staging;
CREATE TABLE staging.somebodys (work int);
