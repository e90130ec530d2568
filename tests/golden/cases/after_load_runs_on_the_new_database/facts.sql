SELECT 'totals are those of the rewritten lines', bool_and(total = (SELECT sum(amount) FROM app.lines l WHERE l.order_id = o.id)) AND sum(total) > 0 FROM app.orders o;
SELECT 'the lines are rounded', bool_and(amount % 10 = 0) FROM app.lines;
SELECT 'a function with semicolons arrived whole', app.twice(4) = 8;
SELECT 'the last statement needs no semicolon', has_table_privilege('public', 'app.orders', 'SELECT');
SELECT 'so does a comment with one in it', obj_description('app.orders'::regclass) = 'it''s here; really';
