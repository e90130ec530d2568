-- 1,000 tables of ten columns with 2,000 foreign keys, in a database of its own.
DO $$ BEGIN
FOR i IN 1..1000 LOOP
    EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a int, b int, c text, d date, e numeric,'
        ' f text NOT NULL DEFAULT %L, g timestamptz, h uuid, i bool)', i, 'x');
    IF i > 1 THEN
        EXECUTE format('ALTER TABLE t%s ADD FOREIGN KEY (a) REFERENCES t%s,'
            ' ADD FOREIGN KEY (b) REFERENCES t%s', i, i - 1, 1 + i / 2);
    ELSE
        ALTER TABLE t1 ADD FOREIGN KEY (a) REFERENCES t1, ADD FOREIGN KEY (b) REFERENCES t1;
    END IF;
    IF i % 100 = 0 THEN COMMIT; END IF;
END LOOP;
END $$;
