-- The shop database in PostgreSQL as one JSON text: tables with columns, keys and indexes, and the manifest.
SELECT json_build_object(
    'tables', (
        SELECT json_agg(json_build_object(
            'name', c.relname,
            'columns', (
                SELECT json_agg(json_build_object(
                    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'is_not_null', a.attnotnull,
                    'longest', CASE WHEN a.atttypid = 'text'::regtype THEN
                        (xpath('/row/longest/text()', query_to_xml(format(
                            'SELECT max(length(%I)) AS longest FROM %s', a.attname, c.oid::regclass),
                            false, true, '')))[1]::text::int END)
                    ORDER BY a.attnum)
                FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
            'primary', (SELECT json_agg(a.attname ORDER BY k.place)
                FROM pg_index i CROSS JOIN unnest(i.indkey::int[]) WITH ORDINALITY k(number, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                WHERE i.indrelid = c.oid AND i.indisprimary),
            'indexes', (SELECT json_object_agg(name, columns ORDER BY name) FROM (
                SELECT x.relname AS name, json_agg(a.attname ORDER BY k.place) AS columns
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                CROSS JOIN unnest(i.indkey::int[]) WITH ORDINALITY k(number, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                WHERE i.indrelid = c.oid AND NOT i.indisprimary GROUP BY x.relname) z),
            'foreign', (SELECT json_agg(json_build_object(
                    'name', f.conname, 'parent', p.relname,
                    'columns', (SELECT json_agg(a.attname ORDER BY k.place)
                        FROM unnest(f.conkey) WITH ORDINALITY k(number, place)
                        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number),
                    'parent_columns', (SELECT json_agg(a.attname ORDER BY k.place)
                        FROM unnest(f.confkey) WITH ORDINALITY k(number, place)
                        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number))
                    ORDER BY f.conname)
                FROM pg_constraint f JOIN pg_class p ON p.oid = f.confrelid
                WHERE f.conrelid = c.oid AND f.contype = 'f'))
            ORDER BY c.relname)
        FROM pg_class c WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind = 'r'),
    'queries', (SELECT json_object_agg(plant, q) FROM shop.manifest));
