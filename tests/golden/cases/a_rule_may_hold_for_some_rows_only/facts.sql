SELECT 'the rule holds where its condition does', bool_and(value ~ '^[^@]+@[^@]+\.(example|invalid)$' AND value NOT LIKE '%corp.example') FROM public.contact WHERE kind = 'email' AND id < 99;
SELECT 'elsewhere the column is redacted', bool_and(value NOT LIKE '%555%' AND value NOT LIKE 'odd value%') FROM public.contact WHERE kind <> 'email';
SELECT 'keep keeps those rows', bool_and(other = 'public ' || id) FROM public.contact WHERE kind = 'odd';
SELECT 'and no others', bool_and(other <> 'public ' || id) FROM public.contact WHERE kind <> 'odd' AND id < 99;
SELECT 'NULL stays NULL', value IS NULL AND other IS NULL FROM public.contact WHERE id = 99;
