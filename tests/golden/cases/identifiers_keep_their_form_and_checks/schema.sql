CREATE TABLE account (
    id int PRIMARY KEY,
    card text UNIQUE,
    card_number bigint,
    iban varchar(34) UNIQUE,
    ssn text,
    bsn char(9),
    last_ip inet,
    network cidr,
    ip_text varchar(45),
    mac macaddr,
    homepage text,
    api_key text UNIQUE,
    password_hash text,
    latitude double precision,
    longitude double precision,
    place text,
    reference varchar(12)
);

INSERT INTO account
SELECT i, '4111-1111-1111-' || lpad(i::text, 4, '0'), 4111111111110000 + i,
       'DE89 3704 0044 0532 ' || lpad(i::text, 4, '0') || ' 00', '123-45-' || lpad(i::text, 4, '0'),
       lpad((111222000 + i)::text, 9, '0'), ('10.1.' || i || '.7/24')::inet,
       ('81.2.' || i || '.0/24')::cidr, '2001:db8::' || i, ('08:00:2b:01:02:' || i + 10)::macaddr,
       'https://shop.com/users/' || i, 'sk_live_' || md5(i::text),
       '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', 52.5 + i / 100.0,
       13.4 + i / 100.0, '52.5' || i || ', 13.4' || i, 'AC-' || lpad(i::text, 6, '0')
FROM generate_series(10, 49) i;
INSERT INTO account (id, card, iban) VALUES (90, '', 'none'), (91, NULL, NULL);
