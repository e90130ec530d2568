SELECT 'every name is another', count(*) = 23 AND count(DISTINCT whole) = 23 AND bool_and(whole NOT IN ('Anna Smith', 'Мария Иванова', '김민수', '王伟', 'O''Brien')) FROM public.person;
SELECT 'scripts stay', count(*) FILTER (WHERE whole ~ '^[А-я]{3,5} [А-я]{5,7}$') = 1 AND count(*) FILTER (WHERE whole ~ '^[가-힣]{3}$') = 1 AND count(*) FILTER (WHERE whole ~ '^[א-ת]{3} [א-ת]{3}$') = 1 FROM public.person;
SELECT 'per subject: one name becomes many', count(DISTINCT again) >= 20 FROM public.person;
SELECT 'per subject: one at each subject, in every table', bool_and(v.guest = p.again) AND count(*) = 40 FROM public.visit v JOIN public.person p ON p.id = v.person_id;
SELECT 'per subject: inside documents too', count(DISTINCT extra ->> 'name') >= 20 FROM public.person;
SELECT 'postcodes keep their form', bool_and(zip ~ '^(D-\d{5}|[A-Z]{2}\d[A-Z] \d[A-Z]{2}|\d{5}-\d{4})$') AND count(DISTINCT zip) = 3 AND bool_and(zip NOT IN ('D-80331', 'SW1A 1AA', '12345-6789')) FROM public.person;
SELECT 'companies keep their legal form', bool_and(employer LIKE '% Ltd.' AND employer <> 'Acme Widgets Ltd.') FROM public.person;
SELECT 'house numbers change', bool_and(street !~ '(^| )(12|7)( |$)') FROM public.person;
