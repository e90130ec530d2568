SELECT 'every account has its three logins', min(n = 3) AND count(*) BETWEEN 5 AND 40 FROM (SELECT count(l.id) AS n FROM account a LEFT JOIN login l ON l.email = a.email GROUP BY a.email) x;
SELECT 'nobody is left', min(email NOT LIKE '%real%') FROM login;
