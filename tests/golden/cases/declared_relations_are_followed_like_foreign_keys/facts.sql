SELECT 'every customer has his three invoices', bool_and(n = 3) AND count(*) BETWEEN 5 AND 60 FROM (SELECT count(i.id) AS n FROM public.customer c LEFT JOIN public.invoice i ON i.customer_no = c.legacy_no GROUP BY c.id) x;
SELECT 'numbers keep their prefix and form', bool_and(legacy_no ~ '^K-[0-9]{5}$') FROM public.customer;
SELECT 'what dangles in production dangles here', count(*) = 1 FROM public.invoice i WHERE customer_no IS NOT NULL AND NOT EXISTS (SELECT FROM public.customer c WHERE c.legacy_no = i.customer_no);
SELECT 'lines bring their bills', (SELECT count(*) FROM public.bill_line) = (SELECT count(*) FROM public.bill_line l JOIN public.bill b ON (b.region, b.number) = (l.bill_region, l.bill_number)) ;
SELECT 'ten lines started it', count(*) = 10 FROM public.bill_line;
