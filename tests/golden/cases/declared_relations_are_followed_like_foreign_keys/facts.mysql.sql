SELECT 'every customer has his three invoices', min(n = 3) AND count(*) BETWEEN 5 AND 60 FROM (SELECT count(i.id) AS n FROM customer c LEFT JOIN invoice i ON i.customer_no = c.legacy_no GROUP BY c.id) x;
SELECT 'numbers keep their prefix and form', min(legacy_no REGEXP '^K-[0-9]{5}$') FROM customer;
SELECT 'what dangles in production dangles here', count(*) = 1 FROM invoice i WHERE customer_no IS NOT NULL AND NOT EXISTS (SELECT * FROM customer c WHERE c.legacy_no = i.customer_no);
SELECT 'lines bring their bills', (SELECT count(*) FROM bill_line) = (SELECT count(*) FROM bill_line l JOIN bill b ON (b.region, b.number) = (l.bill_region, l.bill_number));
SELECT 'ten lines started it', count(*) = 10 FROM bill_line;
