SELECT 'what is kept arrives as it was', group_concat(coalesce(concat(kept), 'NULL') ORDER BY id) = 'NULL,0000-00-00,1985-00-00,1985-07-00,1985-02-31,0000-03-04,NULL' FROM person WHERE id >= 100;
SELECT 'the zero date is a sentinel', count(*) = 2 FROM person WHERE born + 0 = 0 AND joined + 0 = 0 AND seen + 0 = 0 AND id IN (100, 101);
SELECT 'a birth date without day and month stays one', concat(born) = '1985-00-00' FROM person WHERE id = 102;
SELECT 'a month without day stays one', dayofmonth(joined) = 0 AND month(joined) > 0 FROM person WHERE id = 103;
SELECT 'partial times move', sum(concat(joined) IN ('2021-07-00 00:00:00', '2021-02-31 10:00:00', '2021-04-31 23:59:59')) = 0 FROM person;
SELECT 'defaults stay zero', count(*) = 3 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'person' AND column_default LIKE '%0000-00-00%';
SELECT 'NULL stays NULL', count(*) = 2 FROM person WHERE hidden IS NULL;
