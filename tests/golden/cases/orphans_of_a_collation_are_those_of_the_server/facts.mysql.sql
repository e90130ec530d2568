SELECT 'all rows came, and the places they mean', (SELECT count(*) FROM visit) = 6 AND (SELECT count(*) FROM note) = 3 AND (SELECT count(*) FROM place) = 4;
SELECT 'the same references dangle', (SELECT group_concat(id ORDER BY id) FROM visit v WHERE code IS NOT NULL AND NOT EXISTS (SELECT * FROM place p WHERE p.code = v.code)) = '3,4';
SELECT 'the same declared ones dangle', (SELECT group_concat(id) FROM note v WHERE NOT EXISTS (SELECT * FROM place p WHERE p.code = v.code)) = '2';
SELECT 'their constraint is there', count(*) = 1 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND constraint_name = 'visit_place';
SELECT 'two spellings stay one', count(DISTINCT code) = 1 FROM visit WHERE id IN (3, 4);
