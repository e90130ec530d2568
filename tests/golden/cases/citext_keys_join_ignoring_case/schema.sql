CREATE EXTENSION citext;
CREATE TABLE account (email citext PRIMARY KEY, name text);
CREATE TABLE login (id int PRIMARY KEY, email citext NOT NULL REFERENCES account);
INSERT INTO account SELECT 'User' || g || '@Real.Test', 'n' || g FROM generate_series(1, 60) g;
INSERT INTO login SELECT g, (ARRAY['user', 'USER', 'User'])[1 + g % 3] || 1 + g % 60 || '@real.TEST' FROM generate_series(1, 180) g;
