SELECT 'the addresses of the board came along', count(*) = 3 FROM person WHERE board REGEXP '^person[123]@shop';
SELECT 'no other did', count(*) = 0 FROM person WHERE mail REGEXP '^person[0-9]+@';
