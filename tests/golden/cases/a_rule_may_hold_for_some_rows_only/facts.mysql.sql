SELECT 'the rule holds where its condition does', min(value REGEXP '^[^@]+@[^@]+[.](example|invalid)$' AND value NOT LIKE '%corp.example') FROM contact WHERE kind = 'email' AND id < 99;
SELECT 'elsewhere the column is redacted', min(value NOT LIKE '%555%' AND value NOT LIKE 'odd value%') FROM contact WHERE kind <> 'email';
SELECT 'keep keeps those rows', min(other = concat('public ', id)) FROM contact WHERE kind = 'odd';
SELECT 'and no others', min(other <> concat('public ', id)) FROM contact WHERE kind <> 'odd' AND id < 99;
SELECT 'NULL stays NULL', value IS NULL AND other IS NULL FROM contact WHERE id = 99;
