CREATE TABLE contact (id int PRIMARY KEY, kind text NOT NULL, value text, other text);
INSERT INTO contact SELECT g, (ARRAY['email', 'phone', 'odd'])[1 + g % 3], (ARRAY['user' || g || '@corp.example', '+49 30 55512' || lpad(g::text, 2, '0'), 'odd value ' || g])[1 + g % 3], 'public ' || g FROM generate_series(1, 30) g;
INSERT INTO contact VALUES (99, 'email', NULL, NULL);
