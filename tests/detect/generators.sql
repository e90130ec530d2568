-- What the schemas of tests/detect fill their columns with: the same values every time, each from a
-- number of the row and a salt. Names, cities and streets are of the language asked for; cards, accounts
-- and what gen.national gives carry the check digits of their issuers.
CREATE SCHEMA gen;
CREATE FUNCTION gen.h(g bigint, s bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT hashint8extended(g, s) & 9223372036854775807 $$;
CREATE FUNCTION gen.u(g bigint, s bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    $$ SELECT (gen.h(g, s) % 1000003) / 1000003.0::float8 $$;
CREATE FUNCTION gen.pick(g bigint, s bigint, VARIADIC items text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT items[1 + gen.h(g, s) % cardinality(items)] $$;
CREATE FUNCTION gen.ref(g bigint, s bigint, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT 1 + gen.h(g, s) % n $$;
CREATE FUNCTION gen.often(g bigint, s bigint, share float8, value text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN gen.u(g, s) < share THEN value END $$;
CREATE FUNCTION gen.digits(g bigint, s bigint, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT string_agg((gen.h(g * 64 + i, s) % 10)::text, '' ORDER BY i) FROM generate_series(1, n) i $$;
CREATE FUNCTION gen.at(g bigint, s bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT timestamptz '2021-01-01 00:00+00' + gen.u(g, s) * interval '1400 days' $$;
CREATE FUNCTION gen.amount(g bigint, s bigint) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    $$ SELECT round((2 + gen.u(g, s) * gen.u(g, s + 1) * 2400)::numeric, 2) $$;
CREATE FUNCTION gen.birth(g bigint) RETURNS date LANGUAGE sql IMMUTABLE AS
    $$ SELECT date '1938-01-01' + (gen.h(g, 901) % 25000)::int $$;
CREATE FUNCTION gen.hex(g bigint, s bigint, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT left(string_agg(md5(g || ':' || s || ':' || i), '' ORDER BY i), n) FROM generate_series(0, n / 32) i $$;
CREATE FUNCTION gen.token(g bigint, s bigint, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
        (gen.h(g * 128 + i, s) % 62)::int + 1, 1), '' ORDER BY i) FROM generate_series(1, n) i $$;
CREATE FUNCTION gen.uuid(g bigint, s bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT overlay(overlay(md5(g || '/' || s) PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid $$;
CREATE FUNCTION gen.bcrypt(g bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT '$2a$10$' || gen.token(g, 902, 53) $$;
CREATE FUNCTION gen.ip(g bigint, s bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT format('%s.%s.%s.%s', 11 + gen.h(g, s) % 200, gen.h(g, s + 1) % 256, gen.h(g, s + 2) % 256, 1 + gen.h(g, s + 3) % 254) $$;
CREATE FUNCTION gen.ip6(g bigint, s bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT '2001:db8:' || regexp_replace(gen.hex(g, s, 24), '(.{4})(?=.)', '\1:', 'g') $$;
CREATE FUNCTION gen.mac(g bigint, s bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT '3c:' || regexp_replace(gen.hex(g, s, 10), '(..)(?=.)', '\1:', 'g') $$;
CREATE FUNCTION gen.agent(g bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT gen.pick(g, 903, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/1',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/1') || gen.h(g, 904) % 30 || '.0' $$;

-- Check digits.
CREATE FUNCTION gen.luhn(body text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT body || (10 - sum(CASE WHEN (length(body) - i) % 2 = 0 THEN (d * 2) / 10 + (d * 2) % 10 ELSE d END) % 10) % 10
       FROM generate_series(1, length(body)) i, LATERAL (SELECT substr(body, i, 1)::int AS d) z $$;
CREATE FUNCTION gen.weigh(body text, VARIADIC weights int[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT sum(substr(body, i, 1)::int * weights[i]) FROM generate_series(1, cardinality(weights)) i $$;
CREATE FUNCTION gen.card(g bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT gen.luhn(gen.pick(g, 905, '4539', '4916', '5425', '5555') || gen.digits(g, 906, 11)) $$;
CREATE FUNCTION gen.iban(g bigint, country text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT country || lpad((98 - (replace(replace(bban, 'ABNA', '10112310') || (ascii(country) - 55) || (ascii(substr(country, 2)) - 55) || '00', 'X', '33'))::numeric % 97)::text, 2, '0') || bban
       FROM (SELECT CASE country WHEN 'NL' THEN 'ABNA' ELSE '' END || gen.digits(g, 907, CASE country WHEN 'DE' THEN 18 WHEN 'FR' THEN 23
           WHEN 'ES' THEN 20 WHEN 'PT' THEN 21 WHEN 'NL' THEN 10 WHEN 'PL' THEN 24 WHEN 'SE' THEN 20 WHEN 'TR' THEN 22 END) AS bban) z $$;
CREATE FUNCTION gen.national(g bigint, country text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE b date := gen.birth(g); s text; k bigint; k2 bigint;
BEGIN
    CASE country
    WHEN 'us' THEN RETURN format('%s-%s-%s', 100 + gen.h(g, 910) % 560, 10 + gen.h(g, 911) % 89, 1000 + gen.h(g, 912) % 8999);
    WHEN 'fr' THEN
        s := (1 + g % 2) || to_char(b, 'YYMM') || (10 + gen.h(g, 913) % 80) || gen.digits(g, 914, 6);
        RETURN s || lpad((97 - s::bigint % 97)::text, 2, '0');
    WHEN 'es' THEN
        s := gen.digits(g, 915, 8);
        RETURN s || substr('TRWAGMYFPDXBNJZSQVHLCKE', (s::bigint % 23)::int + 1, 1);
    WHEN 'pt' THEN
        s := '2' || gen.digits(g, 916, 7);
        k := 11 - gen.weigh(s, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        RETURN s || CASE WHEN k > 9 THEN 0 ELSE k END;
    WHEN 'br' THEN
        s := gen.digits(g, 917, 9);
        k := 11 - gen.weigh(s, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        s := s || CASE WHEN k > 9 THEN 0 ELSE k END;
        k := 11 - gen.weigh(s, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        s := s || CASE WHEN k > 9 THEN 0 ELSE k END;
        RETURN regexp_replace(s, '(...)(...)(...)(..)', '\1.\2.\3-\4');
    WHEN 'nl' THEN
        FOR i IN 0..99 LOOP
            s := '1' || gen.digits(g + i * 100003, 918, 7);
            k := gen.weigh(s, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
            IF k < 10 THEN RETURN s || k; END IF;
        END LOOP;
    WHEN 'pl' THEN
        s := to_char(b, 'YYMMDD') || gen.digits(g, 919, 4);
        RETURN s || (10 - gen.weigh(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10) % 10;
    WHEN 'se' THEN RETURN to_char(b, 'YY') || substr(to_char(b, 'YYYYMMDD'), 5) || '-' ||
        right(gen.luhn(to_char(b, 'YYMMDD') || gen.digits(g, 920, 3)), 4);
    WHEN 'tr' THEN
        s := (1 + gen.h(g, 921) % 9) || gen.digits(g, 922, 8);
        k := ((gen.weigh(s, 7, -1, 7, -1, 7, -1, 7, -1, 7) % 10) + 10) % 10;
        s := s || k;
        RETURN s || gen.weigh(s, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 10;
    WHEN 'ru' THEN
        s := '77' || gen.digits(g, 923, 8);
        k := gen.weigh(s, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10;
        s := s || k;
        k2 := gen.weigh(s, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10;
        RETURN s || k2;
    WHEN 'it' THEN
        s := gen.pick(g, 924, 'RSS', 'BNC', 'FRR', 'CLM', 'VRD', 'GLL') || gen.pick(g, 925, 'MRA', 'GPP', 'LCU', 'FNC', 'NNA') ||
            to_char(b, 'YY') || substr('ABCDEHLMPRST', extract(month FROM b)::int, 1) ||
            lpad((extract(day FROM b) + g % 2 * 40)::text, 2, '0') || gen.pick(g, 926, 'H501', 'F205', 'L219', 'F839');
        SELECT sum(CASE WHEN i % 2 = 0 THEN at % 26 ELSE odd[at % 26 + 1] END) INTO k
        FROM (SELECT i, CASE WHEN c < 'A' THEN ascii(c) - 48 ELSE ascii(c) - 65 END AS at,
                ARRAY[1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23] AS odd
            FROM generate_series(1, 15) i, substr(s, i, 1) c) z;
        RETURN s || chr((65 + k % 26)::int);
    WHEN 'de' THEN
        s := to_char(10 + gen.h(g, 928) % 79, 'FM00') || to_char(b, 'DDMMYY') || chr((65 + gen.h(g, 929) % 26)::int) || gen.digits(g, 930, 2);
        SELECT sum(p / 10 + p % 10) % 10 INTO k
        FROM (SELECT substr(overlay(s PLACING to_char(ascii(substr(s, 9, 1)) - 64, 'FM00') FROM 9 FOR 1), i, 1)::int *
                (ARRAY[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])[i] AS p FROM generate_series(1, 12) i) z;
        RETURN s || k;
    WHEN 'de tax' THEN
        s := '4' || gen.digits(g, 932, 9);
        k := 10;
        FOR i IN 1..10 LOOP
            k2 := (substr(s, i, 1)::int + k) % 10;
            k := 2 * CASE k2 WHEN 0 THEN 10 ELSE k2 END % 11;
        END LOOP;
        RETURN s || (11 - k) % 10;
    WHEN 'snils' THEN
        s := '1' || gen.digits(g, 933, 8);
        k := gen.weigh(s, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101;
        RETURN regexp_replace(s, '(...)(...)(...)', '\1-\2-\3 ') || lpad((k % 100)::text, 2, '0');
    WHEN 'nip' THEN
        FOR i IN 0..99 LOOP
            s := '5' || gen.digits(g + i * 100003, 934, 8);
            k := gen.weigh(s, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11;
            IF k < 10 THEN RETURN regexp_replace(s, '(...)(...)(..)(.)', '\1-\2-\3-\4') || k; END IF;
        END LOOP;
    WHEN 'jp' THEN
        s := gen.digits(g, 931, 11);
        k := 11 - gen.weigh(s, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        RETURN s || CASE WHEN k > 9 THEN 0 ELSE k END;
    END CASE;
END $$;

-- Names and places: kinds f (given), l (family), c (city), s (street, # stands for a number).
CREATE TABLE gen.list (lang text, kind text, items text[], PRIMARY KEY (lang, kind));
COPY gen.list (lang, kind, items) FROM STDIN DELIMITER '|';
en|f|{James,Olivia,Emma,Liam,Charlotte,Benjamin,Amelia,Henry,Sophia,Jack,Grace,Samuel,Hannah,Oscar,Ruby,Daniel,Priya,Aisha,Diego,Wei}
en|l|{Smith,Johnson,Williams,Brown,Taylor,Walker,Wright,Thompson,Evans,Roberts,O'Connor,Patel,Nguyen,Campbell,Hughes,Bennett,Okafor,McDonald,Garcia,Lee}
en|c|{London,Manchester,Leeds,Bristol,Austin,Denver,Portland,Boston,Sydney,Toronto,Cardiff,Madison}
en|s|{# High Street,# Oak Avenue,# Maple Drive,# Church Lane,# Station Road,# Park Blvd Apt 4}
de|f|{Jürgen,Sabine,Lukas,Anna,Heike,Matthias,Uwe,Katharina,Stefan,Björn,Monika,Felix,Lena,Wolfgang,Ingrid,Tobias}
de|l|{Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,Koch,Bauer,Richter,Klein,Schröder,Neumann}
de|c|{Berlin,Hamburg,München,Köln,Leipzig,Dresden,Nürnberg,Kassel,Freiburg,Rostock}
de|s|{Hauptstraße #,Bahnhofstr. #,Lindenweg #a,Am Markt #,Goethestraße #,Schillerplatz #}
fr|f|{Jean,Marie,Pierre,Chloé,Luc,Camille,Thierry,Sylvie,Benoît,Élodie,Mathieu,Nathalie,Gérard,Aurélie,Hugo,Inès}
fr|l|{Martin,Bernard,Dubois,Thomas,Robert,Richard,Petit,Durand,Leroy,Moreau,Lefèvre,Girard,Mercier,Garnier,Rousseau,Faure}
fr|c|{Paris,Lyon,Marseille,Toulouse,Nantes,Lille,Rennes,Bordeaux,Dijon,Angers}
fr|s|{# rue de la République,# avenue Victor Hugo,# bd Voltaire,# place du Marché,# chemin des Vignes}
es|f|{José,María,Carlos,Lucía,Javier,Carmen,Antonio,Sofía,Miguel,Elena,Raúl,Pilar,Iñaki,Nuria,Álvaro,Rocío}
es|l|{García López,Martínez Ruiz,Fernández Gil,González Díaz,Rodríguez Peña,Sánchez Mora,Pérez Soto,Gómez Vidal,Jiménez Rey,Muñoz Cano,Álvarez Pardo,Romero Luna}
es|c|{Madrid,Barcelona,Valencia,Sevilla,Zaragoza,Málaga,Bilbao,Murcia}
es|s|{Calle Mayor #,Avda. de la Constitución #,C/ Alcalá # 3º B,Plaza de España #,Paseo del Prado #}
it|f|{Marco,Giulia,Luca,Francesca,Alessandro,Chiara,Giuseppe,Martina,Andrea,Elisa,Matteo,Paola,Davide,Silvia,Nicolò,Ilaria}
it|l|{Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,Greco,Bruno,Gallo,Conti,De Luca,Costa,Giordano}
it|c|{Roma,Milano,Napoli,Torino,Palermo,Bologna,Firenze,Bari}
it|s|{Via Roma #,Via Garibaldi #,Piazza Dante #,Corso Italia #/b,Viale Europa #}
pt|f|{João,Maria,Pedro,Ana,Tiago,Beatriz,Rui,Inês,Gonçalo,Mariana,Luís,Catarina,Paulo,Fernanda,Vinícius,Conceição}
pt|l|{Silva,Santos,Ferreira,Pereira,Oliveira,Costa,Rodrigues,Martins,Sousa,Gonçalves,Almeida,Ribeiro,Carvalho,Araújo}
pt|c|{Lisboa,Porto,Braga,Coimbra,Faro,São Paulo,Curitiba,Recife}
pt|s|{Rua Augusta #,Av. da Liberdade #,Travessa do Carmo #,Rua das Flores # 2º Esq,Largo do Rossio #}
nl|f|{Jan,Sanne,Pieter,Anouk,Daan,Fleur,Joost,Marieke,Sjoerd,Lotte,Bram,Femke,Willem,Roos,Thijs,Esmée}
nl|l|{de Jong,Jansen,de Vries,van den Berg,Bakker,van Dijk,Visser,Smit,Meijer,Mulder,Bos,Vos,Hendriks,Dekker,Dijkstra,Kuipers}
nl|c|{Amsterdam,Rotterdam,Utrecht,Eindhoven,Groningen,Zwolle,Breda,Leiden}
nl|s|{Kerkstraat #,Dorpsweg #a,Prinsengracht #,Molenlaan #,Stationsplein #-2}
pl|f|{Jan,Anna,Piotr,Katarzyna,Krzysztof,Małgorzata,Andrzej,Agnieszka,Tomasz,Barbara,Paweł,Ewa,Michał,Zofia,Łukasz,Joanna}
pl|l|{Nowak,Kowalski,Wiśniewski,Wójcik,Kamiński,Lewandowski,Zieliński,Szymański,Woźniak,Dąbrowski,Kozłowski,Jankowski,Mazur,Krawczyk}
pl|c|{Warszawa,Kraków,Łódź,Wrocław,Poznań,Gdańsk,Lublin,Katowice}
pl|s|{ul. Długa # m. 4,ul. Mickiewicza #,al. Jerozolimskie #,os. Kolorowe #/12,pl. Wolności #}
sv|f|{Erik,Anna,Lars,Karin,Anders,Elsa,Björn,Maja,Gustav,Linnéa,Nils,Åsa,Johan,Sigrid,Oskar,Malin}
sv|l|{Andersson,Johansson,Karlsson,Nilsson,Eriksson,Larsson,Olsson,Persson,Svensson,Gustafsson,Lindberg,Åkesson,Holm,Sjöberg}
sv|c|{Stockholm,Göteborg,Malmö,Uppsala,Västerås,Örebro,Linköping,Lund}
sv|s|{Storgatan #,Drottninggatan # lgh 1102,Kungsvägen #B,Björkallén #,Skolgränd #}
tr|f|{Mehmet,Ayşe,Mustafa,Fatma,Ahmet,Emine,Hüseyin,Zeynep,İbrahim,Elif,Murat,Özlem,Çağla,Kerem,Şule,Ömer}
tr|l|{Yılmaz,Kaya,Demir,Çelik,Şahin,Yıldız,Öztürk,Aydın,Arslan,Doğan,Kılıç,Aslan,Çetin,Koç}
tr|c|{İstanbul,Ankara,İzmir,Bursa,Antalya,Konya,Adana,Eskişehir}
tr|s|{Atatürk Cad. No:#,Cumhuriyet Mah. Lale Sok. #,İnönü Bulvarı #/3,Barış Sokak No #}
ru|f|{Александр,Елена,Сергей,Ольга,Дмитрий,Наталья,Андрей,Татьяна,Алексей,Ирина,Максим,Светлана,Иван,Мария,Николай,Юлия}
ru|l|{Иванов,Смирнов,Кузнецов,Попов,Васильев,Петров,Соколов,Михайлов,Новиков,Фёдоров,Морозов,Волков,Зайцев,Павлов}
ru|p|{Александрович,Сергеевич,Дмитриевич,Андреевич,Алексеевич,Иванович,Николаевич,Петрович}
ru|c|{Москва,Санкт-Петербург,Новосибирск,Екатеринбург,Казань,Самара,Омск,Пермь}
ru|s|{"ул. Ленина, д. #","пр-т Мира, #, кв. 12","ул. Пушкина, д. #, корп. 2","Невский проспект, #"}
rl|f|{Aleksandr,Elena,Sergey,Olga,Dmitriy,Natalya,Andrey,Tatyana,Aleksey,Irina,Maksim,Svetlana,Ivan,Mariya}
rl|l|{Ivanov,Smirnov,Kuznetsov,Popov,Vasilyev,Petrov,Sokolov,Mikhaylov,Novikov,Fyodorov,Morozov,Volkov}
rl|c|{Moskva,Sankt-Peterburg,Novosibirsk,Yekaterinburg,Kazan,Samara,Omsk}
rl|s|{"ul. Lenina, d. #","pr-t Mira, #, kv. 12","ul. Pushkina, d. #"}
ja|f|{太郎,花子,健太,美咲,翔太,陽子,大輔,さくら,拓也,恵子,直樹,結衣,誠,由美}
ja|l|{佐藤,鈴木,高橋,田中,伊藤,渡辺,山本,中村,小林,加藤,吉田,山田,松本,井上}
ja|k|{サトウ タロウ,スズキ ハナコ,タカハシ ケンタ,タナカ ミサキ,イトウ ショウタ,ワタナベ ヨウコ,ヤマモト ダイスケ,ナカムラ サクラ,コバヤシ タクヤ,カトウ ケイコ}
ja|c|{東京都新宿区,大阪市北区,横浜市西区,名古屋市中区,札幌市中央区,福岡市博多区,京都市左京区}
ja|s|{本町#-2-3,中央#丁目5番地,桜ヶ丘#-11,緑町#-8 コーポ松 201}
jr|f|{Taro,Hanako,Kenta,Misaki,Shota,Yoko,Daisuke,Sakura,Takuya,Keiko,Naoki,Yui}
jr|l|{Sato,Suzuki,Takahashi,Tanaka,Ito,Watanabe,Yamamoto,Nakamura,Kobayashi,Kato}
jr|c|{Shinjuku-ku Tokyo,Kita-ku Osaka,Nishi-ku Yokohama,Naka-ku Nagoya,Chuo-ku Sapporo}
jr|s|{Honcho #-2-3,Chuo #-chome 5,Sakuragaoka #-11}
\.
CREATE FUNCTION gen.of(g bigint, l text, k text, s bigint) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT items[1 + gen.h(g, s) % cardinality(items)] FROM gen.list WHERE lang = l AND kind = k $$;
CREATE FUNCTION gen.first(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT gen.of(g, l, 'f', 940) $$;
CREATE FUNCTION gen.family(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT gen.of(g, l, 'l', 941) || CASE WHEN l IN ('en', 'de', 'fr', 'pl', 'sv') AND gen.h(g, 949) % 8 = 0
        THEN '-' || gen.of(g, l, 'l', 950) ELSE '' END $$;
CREATE FUNCTION gen.name(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT CASE WHEN l = 'ja' THEN gen.family(g, l) || ' ' || gen.first(g, l) ELSE gen.first(g, l) || ' ' || gen.family(g, l) END $$;
CREATE FUNCTION gen.city(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT gen.of(g, l, 'c', 942) $$;
CREATE FUNCTION gen.street(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT replace(gen.of(g, l, 's', 943), '#', (1 + gen.h(g, 944) % 180)::text) $$;
CREATE FUNCTION gen.latin(t text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT regexp_replace(translate(lower(t), 'áàâãäåçéèêëíìîïıñóòôõöúùûüýşğłńśźżćęąø', 'aaaaaaceeeeiiiiinooooouuuuysglnszzceao'), '[^a-z]', '', 'g') $$;
CREATE FUNCTION gen.handle(g bigint) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT gen.latin(gen.first(g, 'en')) || gen.pick(g, 945, '_', '.', '', '-') || gen.latin(left(gen.family(g, 'en'), 4)) || g $$;
CREATE FUNCTION gen.email(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT CASE WHEN l IN ('ru', 'ja') THEN gen.handle(g) ELSE gen.latin(gen.first(g, l)) || '.' || gen.latin(gen.family(g, l)) || g END ||
        gen.pick(g, 946, '@gmail.com', '@outlook.com', '@mail.example', '@web.de', '@company.example') $$;
CREATE FUNCTION gen.phone(g bigint, s bigint, form text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT string_agg(CASE substr(form, i, 1) WHEN '#' THEN (gen.h(g * 32 + i, s) % 10)::text ELSE substr(form, i, 1) END, '' ORDER BY i)
       FROM generate_series(1, length(form)) i $$;
-- Free text that speaks of a person, and text that speaks of things.
CREATE FUNCTION gen.note(g bigint, l text) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT replace(replace(gen.pick(g, 947, 'Spoke to % on the phone, call back on ~ after lunch.', '% asked to have the address changed; writes from ' || gen.email(g, l) || '.',
        'Complaint of %: parcel left with the neighbour, very upset. Mobile ~.', 'Visited % at home. Daughter present. Next visit agreed for Tuesday.',
        'Refund promised to % because of illness in the family, number on file ~.'), '%', gen.name(g, l)), '~', gen.phone(g, 948, '0## ### ####')) $$;
CREATE FUNCTION gen.thing(g bigint, s bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT gen.pick(g, s, 'Sturdy', 'Light', 'Foldable', 'Waterproof', 'Compact') || ' ' || gen.pick(g, s + 1, 'steel', 'oak', 'cotton', 'glass', 'carbon') || ' ' ||
        gen.pick(g, s + 2, 'table', 'lamp', 'backpack', 'bottle', 'bracket', 'shelf') || ' ' || (100 + gen.h(g, s + 3) % 900) $$;
