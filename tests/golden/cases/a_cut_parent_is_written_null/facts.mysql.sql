SELECT 'only the chosen come', group_concat(name ORDER BY id) = 'c5,c6,c20' FROM customer;
SELECT 'a parent that comes anyway stays', referred_by = 5 FROM customer WHERE id = 6;
SELECT 'one that does not is NULL', count(*) = 2 FROM customer WHERE id IN (5, 20) AND referred_by IS NULL;
SELECT 'an empty table leaves NULL behind', count(*) = 3 AND min(session_id IS NULL) FROM visit;
SELECT 'the empty table is there', count(*) = 0 FROM session;
