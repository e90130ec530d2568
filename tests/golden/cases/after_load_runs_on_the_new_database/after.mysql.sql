-- A comment with a ; in it; nothing more.
# Another one; as only this engine has it.
CREATE FUNCTION twice(n decimal(12,2)) RETURNS decimal(12,2) DETERMINISTIC
    RETURN 2 * n /* not the end; */;
ALTER TABLE orders COMMENT = 'it''s here; really\';';
INSERT INTO `lines` (id, order_id, amount) SELECT 9999, min(id), 0 FROM orders;

SET @last = "no semicolon; here"
