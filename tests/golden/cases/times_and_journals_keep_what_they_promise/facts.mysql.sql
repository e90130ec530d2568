SELECT 'there is something to look at', (SELECT count(*) FROM visit) > 200 AND (SELECT count(*) FROM line) > 400;
SELECT 'visits begin in office hours', sum(weekday(begins) > 4 OR hour(begins) NOT BETWEEN 9 AND 17) <= count(*) * 0.03 FROM visit;
SELECT 'a visit lasts as long as it did', min(timestampdiff(MICROSECOND, begins, ends) BETWEEN 60000000 AND 5400000000 AND timestampdiff(MICROSECOND, begins, ends) % 60000000 = 0) FROM visit WHERE ends IS NOT NULL;
SELECT 'what had no end has none', sum(ends IS NULL) BETWEEN 20 AND 70 FROM visit;
SELECT 'nothing moves into the future', (SELECT max(begins) FROM visit) < '2023-05-01' AND (SELECT max(joined) FROM customer) < '2023-01-20';
SELECT 'signed lines add up to nothing', min(total = 0) FROM (SELECT sum(amount) AS total FROM line GROUP BY entry_id) e;
SELECT 'debits equal credits', min(debit = credit AND debit > 0) FROM (SELECT sum(debit) AS debit, sum(credit) AS credit FROM line GROUP BY entry_id) e;
SELECT 'the sides of one column are equal', min(debit = credit) FROM (SELECT sum(CASE side WHEN 'D' THEN cents END) AS debit, sum(CASE side WHEN 'C' THEN cents END) AS credit FROM posting GROUP BY entry_id) e;
SELECT 'amounts moved', count(DISTINCT amount) > 300 FROM line;
