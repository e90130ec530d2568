SELECT 'there is something to look at', (SELECT count(*) FROM public.visit) > 200 AND (SELECT count(*) FROM public.line) > 400;
SELECT 'visits begin in office hours', count(*) FILTER (WHERE extract(isodow FROM begins AT TIME ZONE 'UTC') > 5 OR extract(hour FROM begins AT TIME ZONE 'UTC') NOT BETWEEN 9 AND 17) <= count(*) * 0.03 FROM public.visit;
SELECT 'a visit lasts as long as it did', bool_and(ends - begins BETWEEN interval '1 minute' AND interval '90 minutes' AND extract(second FROM ends - begins) = 0) FROM public.visit WHERE ends IS NOT NULL;
SELECT 'what had no end has none', count(*) FILTER (WHERE ends IS NULL) BETWEEN 20 AND 70 FROM public.visit;
SELECT 'nothing moves into the future', max(begins) < '2023-05-01' AND max(joined) < '2023-01-20' FROM public.visit, public.customer;
SELECT 'signed lines add up to nothing', bool_and(sum = 0) FROM (SELECT sum(amount) FROM public.line GROUP BY entry_id) e;
SELECT 'debits equal credits', bool_and(debit = credit AND debit > 0) FROM (SELECT sum(debit) AS debit, sum(credit) AS credit FROM public.line GROUP BY entry_id) e;
SELECT 'the sides of one column are equal', bool_and(debit = credit) FROM (SELECT sum(cents) FILTER (WHERE side = 'D') AS debit, sum(cents) FILTER (WHERE side = 'C') AS credit FROM public.posting GROUP BY entry_id) e;
SELECT 'amounts moved', count(DISTINCT amount) > 300 FROM public.line;
