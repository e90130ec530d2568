CREATE TABLE account (
    id int PRIMARY KEY,
    card varchar(40) UNIQUE,
    card_number bigint,
    iban varchar(34) UNIQUE,
    ssn text,
    bsn char(9),
    last_ip varchar(45),
    ip_text varchar(45),
    mac varchar(17),
    homepage text,
    api_key varchar(60) UNIQUE,
    password_hash text,
    latitude double precision,
    longitude double precision,
    place text,
    reference varchar(12)
) COLLATE utf8mb4_bin;
INSERT INTO account
SELECT g, concat('4111-1111-1111-', lpad(g, 4, '0')), 4111111111110000 + g,
       concat('DE89 3704 0044 0532 ', lpad(g, 4, '0'), ' 00'), concat('123-45-', lpad(g, 4, '0')),
       lpad(111222000 + g, 9, '0'), concat('10.1.', g, '.7'), concat('2001:db8::', g), concat('08:00:2b:01:02:', g + 10),
       concat('https://shop.com/users/', g), concat('sk_live_', of_g),
       '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', 52.5e0 + g / 100.0,
       13.4e0 + g / 100.0, concat('52.5', g, ', 13.4', g), concat('AC-', lpad(g, 6, '0'))
FROM tests.hashes WHERE g BETWEEN 10 AND 49;
INSERT INTO account (id, card, iban) VALUES (90, '', 'none'), (91, NULL, NULL);
