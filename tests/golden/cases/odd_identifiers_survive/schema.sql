CREATE SCHEMA "Odd ""Schema"".1";
CREATE TABLE "Order Items" (id int PRIMARY KEY, "select" text, "a.b" int, "Größe" text, "line
break" text, "quote""d" int, "(paren), comma" text);
CREATE TABLE "Odd ""Schema"".1"."Odd ""Name""" ("ID" int PRIMARY KEY, "order item" int REFERENCES "Order Items", "it's" text UNIQUE);
CREATE TABLE "select" ("from" int PRIMARY KEY, "where" int REFERENCES "select");
CREATE TABLE "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" ("ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc" int PRIMARY KEY);
CREATE TABLE " lead" (id int PRIMARY KEY);
CREATE TYPE "Odd ""Schema"".1"."E'num" AS ENUM ('a''b', 'c\d', 'e"f');
CREATE TABLE "表" ("列" "Odd ""Schema"".1"."E'num" PRIMARY KEY);
INSERT INTO "Order Items" SELECT g, 's' || g, g, 'gr' || g, 'lb' || g, g, 'p' || g FROM generate_series(1, 30) g;
INSERT INTO "Odd ""Schema"".1"."Odd ""Name""" SELECT g, 1 + g % 30, 'it''s ' || g FROM generate_series(1, 60) g;
INSERT INTO "select" SELECT g, nullif(g - 1, 0) FROM generate_series(1, 20) g;
INSERT INTO "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" VALUES (1);
INSERT INTO " lead" VALUES (1);
INSERT INTO "表" VALUES ('a''b'), ('c\d');
