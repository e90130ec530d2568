SELECT 'UUIDs join', count(*) = 2 FROM addresses a JOIN addresses b ON a.refers = b.id;
SELECT 'no address stays', count(*) = 0 FROM addresses WHERE id = 'ffffffff-ffff-4fff-bfff-ffffffffffff' OR four = '10.1.2.3' OR six = '2001:db8::1';
SELECT 'the sequence goes on', nextval(counter) > (SELECT max(id) FROM counted);
SELECT 'rows that are over stay behind', count(*) = 2 FROM versioned FOR SYSTEM_TIME ALL;
