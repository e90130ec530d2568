SELECT 'orders bring their entries', (SELECT count(*) FROM audit a JOIN orders o ON o.id = a.subject_id WHERE subject_type = 'Order') = 19;
SELECT 'no entry of an order is without it', NOT EXISTS (SELECT * FROM audit a WHERE subject_type = 'Order' AND NOT EXISTS (SELECT * FROM orders o WHERE o.id = a.subject_id));
SELECT 'no entry of a product is without it', NOT EXISTS (SELECT * FROM audit a WHERE subject_type = 'Product' AND NOT EXISTS (SELECT * FROM product p WHERE p.id = a.subject_id));
SELECT 'products do not bring theirs', (SELECT count(*) FROM audit WHERE subject_type = 'Product') = 2;
