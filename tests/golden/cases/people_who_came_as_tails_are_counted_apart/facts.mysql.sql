SELECT 'who lives where nobody else does comes', (SELECT count(*) FROM person WHERE city = 'Graz' AND code = 'a"b\\c') = 1;
SELECT 'the tallest comes', (SELECT count(*) FROM person WHERE height = 230 AND code = '{x,\t y}') = 1;
