SELECT 'every boss comes, up to the first', (SELECT count(*) FROM employee WHERE name IN ('employee 290', 'employee 96', 'employee 32', 'employee 10', 'employee 3', 'employee 1')) = 6;
SELECT 'bosses come to the end of the cycle through departments', NOT EXISTS (SELECT * FROM employee e WHERE boss_id IS NOT NULL AND NOT EXISTS (SELECT * FROM employee b WHERE b.id = e.boss_id));
SELECT 'heads of departments come', NOT EXISTS (SELECT * FROM department d WHERE NOT EXISTS (SELECT * FROM employee e WHERE e.id = d.head_id));
SELECT 'the ring is walked round', (SELECT count(*) FROM ring_a) = 50 AND (SELECT count(*) FROM ring_b) = 50 AND (SELECT count(*) FROM ring_c) = 50;
SELECT 'nobody else comes', NOT EXISTS (SELECT * FROM employee WHERE name = 'own boss');
SELECT 'the constraints are there', count(*) = 6 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND unique_constraint_schema = DATABASE();
