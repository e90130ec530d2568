SELECT 'three orphans came', count(*) = 3 FROM child c WHERE NOT EXISTS (SELECT * FROM parent p WHERE p.id = c.parent_id);
SELECT 'they still share what is missing', (SELECT count(DISTINCT parent_id) FROM child WHERE id > 900) = 2;
SELECT 'their constraint is there', count(*) = 1 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND constraint_name = 'child_parent';
SELECT 'half a reference is none', (SELECT count(*) FROM half) = 3 AND (SELECT count(*) FROM pair) = 2;
SELECT 'all four constraints lead to this database', count(*) = 4 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND unique_constraint_schema = DATABASE();
