SELECT 'the profile''s word counts', min(name LIKE 'Ann %') FROM person;
SELECT 'the packs'' words count else', min(email NOT LIKE '%real.test') FROM person;
SELECT 'relations of a pack hold', (SELECT count(*) FROM message m JOIN person p ON p.id = m.sender) = 20;
SELECT 'a rule for every table holds in each', (SELECT min(updated_at < '2024-01-01') FROM person) AND (SELECT min(updated_at < '2024-01-20') FROM message);
