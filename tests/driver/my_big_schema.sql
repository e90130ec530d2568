-- 1,000 tables of ten columns with 2,000 foreign keys, in a schema of its own.
SET foreign_key_checks = 0;
DELIMITER //
CREATE PROCEDURE make_tables()
BEGIN
    DECLARE i int DEFAULT 1;
    WHILE i <= 1000 DO
        SET @sql = CONCAT('CREATE TABLE t', i, ' (id int PRIMARY KEY, a int, b int, c text, d date,',
            ' e decimal(10, 2), f varchar(20) NOT NULL DEFAULT ''x'', g timestamp NULL, h binary(16),',
            ' i bool, CONSTRAINT t', i, '_a FOREIGN KEY (a) REFERENCES t', GREATEST(i - 1, 1),
            ' (id), CONSTRAINT t', i, '_b FOREIGN KEY (b) REFERENCES t', IF(i > 1, 1 + i DIV 2, 1),
            ' (id))');
        PREPARE statement FROM @sql;
        EXECUTE statement;
        DEALLOCATE PREPARE statement;
        SET i = i + 1;
    END WHILE;
END //
DELIMITER ;
CALL make_tables();
DROP PROCEDURE make_tables;
