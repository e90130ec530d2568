SELECT 'the customer in the document is the one that came', count(*) = 12 FROM document d JOIN customer c ON c.id = json_extract(d.body, '$.customer_id') WHERE c.name = concat('customer ', 1 + d.id % 300);
SELECT 'ids were permuted', NOT EXISTS (SELECT * FROM document d WHERE d.id <= 12 AND json_extract(body, '$.customer_id') = 1 + d.id % 300);
SELECT 'phones in it are masked', NOT EXISTS (SELECT * FROM document WHERE json_unquote(json_extract(body, '$.phone')) = '+49 30 1234567');
SELECT 'a kept path stays', min(json_extract(body, '$.deep.n') = id) FROM document WHERE id <= 12;
