-- A comment with a ; in it; nothing more.
CREATE FUNCTION app.twice(n numeric) RETURNS numeric LANGUAGE plpgsql AS $body$
BEGIN
    RETURN 2 * n; -- not the end
END;
$body$;
COMMENT ON TABLE app.orders IS 'it''s here; really';

SET work_mem = '64kB'; GRANT SELECT ON app.orders TO PUBLIC
