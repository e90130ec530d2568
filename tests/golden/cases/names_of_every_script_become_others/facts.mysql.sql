SELECT 'every name is another', count(*) = 23 AND count(DISTINCT whole) = 23 AND min(whole NOT IN ('Anna Smith', 'Мария Иванова', '김민수', '王伟', 'O''Brien')) FROM person;
SELECT 'per subject: one name becomes many', count(DISTINCT again) >= 20 FROM person;
SELECT 'per subject: one at each subject, in every table', min(v.guest = p.again) AND count(*) = 40 FROM visit v JOIN person p ON p.id = v.person_id;
SELECT 'per subject: inside documents too', count(DISTINCT json_extract(extra, '$.name')) >= 20 FROM person;
SELECT 'postcodes keep their form', min(zip REGEXP '^(D-[0-9]{5}|[A-Z]{2}[0-9][A-Z] [0-9][A-Z]{2}|[0-9]{5}-[0-9]{4})$') AND count(DISTINCT zip) = 3 AND min(zip NOT IN ('D-80331', 'SW1A 1AA', '12345-6789')) FROM person;
SELECT 'companies keep their legal form', min(employer LIKE '% Ltd.' AND employer <> 'Acme Widgets Ltd.') FROM person;
SELECT 'house numbers change', min(street NOT REGEXP '(^| )(12|7)( |$)') FROM person;
