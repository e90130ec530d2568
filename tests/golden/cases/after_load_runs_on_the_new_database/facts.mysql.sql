SELECT 'totals are those of the rewritten lines', min(total = (SELECT sum(amount) FROM `lines` l WHERE l.order_id = o.id)) AND sum(total) > 0 FROM orders o;
SELECT 'the lines are rounded', min(amount % 10 = 0) FROM `lines`;
SELECT 'a function arrived whole', twice(4) = 8;
SELECT 'so does a comment with semicolons in it', table_comment = 'it''s here; really'';' FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'orders';
