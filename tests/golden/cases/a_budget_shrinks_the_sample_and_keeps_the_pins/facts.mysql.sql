SELECT 'the budget holds', (SELECT count(*) FROM account) + (SELECT count(*) FROM entry) BETWEEN 100 AND 300;
SELECT 'the pins are there', (SELECT count(*) FROM account WHERE id IN (7, 8, 9)) = 3;
SELECT 'whole accounts came', (SELECT count(*) FROM entry) = 5 * (SELECT count(*) FROM account);
