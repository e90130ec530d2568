SELECT 'five and their ten', (SELECT count(*) FROM public."Order Items") = 5 AND (SELECT count(*) FROM "Odd ""Schema"".1"."Odd ""Name""" o JOIN public."Order Items" i ON i.id = o."order item") = 10;
SELECT 'parents of a keyword', count(*) = 10 FROM public."select";
