SELECT 'every account has its three logins', bool_and(n = 3) AND count(*) BETWEEN 5 AND 40 FROM (SELECT count(l.id) AS n FROM public.account a LEFT JOIN public.login l ON l.email OPERATOR(public.=) a.email GROUP BY a.email) x;
SELECT 'nobody is left', bool_and(email::text !~* 'real') FROM public.login;
