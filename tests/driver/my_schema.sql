-- What the driver test reads of MySQL and MariaDB: odd names, every type, keys of all sorts,
-- partitions, checks, engines. The runner has made the schemas shop and other and connected to shop.
-- Comments of the form /*M! ... */ are read by MariaDB alone, /*!80013 ... */ by MySQL alone.
SET NAMES utf8mb4;
SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
CREATE TABLE other.countries (code char(2) CHARACTER SET ascii PRIMARY KEY, name varchar(40));
CREATE TABLE other.`odd ``parent` (a int NOT NULL, `b.c` int NOT NULL, UNIQUE (a, `b.c`));
INSERT INTO other.countries VALUES ('de', 'Germany'), ('fr', 'France');

CREATE TABLE every_type (
    id int PRIMARY KEY AUTO_INCREMENT, t1 tinyint, flag tinyint(1), t1u tinyint unsigned,
    i2 smallint, i3 mediumint, i3u mediumint unsigned, i8 bigint, i8u bigint unsigned,
    filled int(5) unsigned zerofill, y year, bit1 bit(1), bits bit(20),
    n decimal(10, 2), n0 decimal(65, 30), nu decimal(8, 3) unsigned, n10 decimal, f4 float,
    f8 double, f8u double unsigned,
    c char(5), v varchar(50), t text, lt longtext, tt tinytext, mt mediumtext,
    vbin varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    cbin char(8) CHARACTER SET ascii COLLATE ascii_bin,
    latin varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci,
    cs varchar(20) CHARACTER SET latin1 COLLATE latin1_general_cs,
    uni varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    danish varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_danish_ci,
    ucs varchar(20) CHARACTER SET utf16 COLLATE utf16_general_ci,
    by1 binary(16), vb varbinary(30), bl blob, lb longblob, tb tinyblob,
    d date, ti time, ti3 time(3), dt datetime, dt6 datetime(6), ts timestamp NULL, ts3 timestamp(3) NULL,
    e enum('sad', 'it''s, ok', 'happy', '', 'naïve', 'a\\b', 'l\nf'),
    s set('a', 'b''c', 'd e'), j json, g geometry, p point,
    /*!80013 nopad varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci,
    as_cs varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs,
    bin9 varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin, vec vector(3),
    placed point SRID 4326, */
    /*M! nopad varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_nopad_ci, u uuid,
    ip inet4, ip6 inet6, checked longtext CHECK (json_valid(`checked`)), */
    last int)
    DEFAULT CHARACTER SET utf8mb4;
INSERT INTO every_type (id, flag, i8u, e, s, d, j) VALUES
    (1, 7, 18446744073709551615, 'it''s, ok', 'a,b''c', '0000-00-00', '{"a": 1}'),
    (2, NULL, NULL, NULL, '', '2021-02-31', NULL);

CREATE TABLE `select ``from``
where.é "x"` (`a.b ``c` int PRIMARY KEY, `select` text, `ümläut 'n'` varchar(20),
    `abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01` text,
    KEY `an
index` (`ümläut 'n'`));
INSERT INTO `select ``from``
where.é "x"` VALUES (1, 'x', 'y', 'z');
CREATE TABLE `abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01` (id int PRIMARY KEY,
    odd int, CONSTRAINT `odd ``fk` FOREIGN KEY (odd) REFERENCES `select ``from``
where.é "x"` (`a.b ``c`));

CREATE TABLE customers (id int PRIMARY KEY AUTO_INCREMENT COMMENT 'who', email varchar(100) UNIQUE,
    name varchar(60) NOT NULL DEFAULT 'it''s', referred_by int, country char(2) CHARACTER SET ascii,
    hidden int /*M! INVISIBLE */ /*!80023 INVISIBLE */, born date DEFAULT '1970-01-01',
    made timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    CONSTRAINT customers_referrer FOREIGN KEY (referred_by) REFERENCES customers (id)
        ON DELETE SET NULL,
    CONSTRAINT customers_country FOREIGN KEY (country) REFERENCES other.countries (code))
    DEFAULT CHARACTER SET utf8mb4 COMMENT 'who buys';
CREATE TABLE orders (id bigint unsigned PRIMARY KEY AUTO_INCREMENT, customer_id int NOT NULL,
    email varchar(100), placed int, twice int GENERATED ALWAYS AS (placed * 2) STORED,
    thrice int GENERATED ALWAYS AS (placed * 3) VIRTUAL, note varchar(300), body text,
    KEY (customer_id), KEY (email), KEY by_note (note(10)), FULLTEXT KEY words (body),
    CONSTRAINT orders_customer FOREIGN KEY (CUSTOMER_ID) REFERENCES customers (ID)
        ON DELETE CASCADE,
    CONSTRAINT orders_email FOREIGN KEY (email) REFERENCES customers (email) ON UPDATE CASCADE)
    DEFAULT CHARACTER SET utf8mb4;
CREATE TRIGGER orders_before BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = 'x';
CREATE TRIGGER customers_after AFTER UPDATE ON customers FOR EACH ROW SET @x = 1;
INSERT INTO customers (id, email, name) VALUES (1, 'a@x.com', 'a'), (2, 'b@x.com', 'b');
INSERT INTO orders (customer_id, placed) VALUES (1, 10), (2, 20);

CREATE TABLE ledger (region varchar(20) CHARACTER SET ascii COLLATE ascii_bin, number int, day date,
    PRIMARY KEY (region, number));
CREATE TABLE entries (id int PRIMARY KEY, number int, region varchar(30) CHARACTER SET ascii
    COLLATE ascii_bin, CONSTRAINT entries_ledger FOREIGN KEY (region, number)
    REFERENCES ledger (region, number) ON DELETE NO ACTION);
CREATE TABLE outer_rows (id int PRIMARY KEY, a int, b int, CONSTRAINT outer_parent
    FOREIGN KEY (a, b) REFERENCES other.`odd ``parent` (a, `b.c`));

CREATE TABLE users (id binary(16) PRIMARY KEY, payload binary(16), tag varbinary(16) UNIQUE);
CREATE TABLE sessions (id int PRIMARY KEY, user_id binary(16), other_bytes binary(16),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id));

CREATE TABLE odd_keys (a int NOT NULL, b int NOT NULL, c int, name varchar(200) NOT NULL, f float NOT NULL,
    UNIQUE KEY by_both (b, a), UNIQUE KEY by_c (c), UNIQUE KEY by_prefix (name(20))
    /*!80013, UNIQUE KEY by_sum ((a + b)), UNIQUE KEY by_mixed (a, (lower(name))) */,
    KEY hidden_one (c, b) /*!80000 INVISIBLE */ /*M!100600 IGNORED */);
CREATE TABLE hashed_key (id int NOT NULL, body text NOT NULL /*M!, UNIQUE KEY by_body (body) */);
CREATE TABLE keyless (id int, b text);
CREATE TABLE wide (id int, body longtext);
CREATE TABLE wide_cases (nothing varchar(9), plain longtext, accented longtext, latin longtext
    CHARACTER SET latin1, blanks longtext, object json, list json, scalar json, bytes longblob)
    DEFAULT CHARACTER SET utf8mb4;
INSERT INTO wide_cases VALUES ('', 'abc', 'naïf', 'naïf', 'a ', '{"a": 1}', '[1]', '1', X'00FF');
CREATE TABLE understudy_mark (mark text);

CREATE TABLE checked (id int PRIMARY KEY, price decimal(10, 2) NOT NULL, low int, high int,
    status varchar(20) NOT NULL, code varchar(20), mail varchar(60), `odd ``name` int, kind char(1),
    born date, payload json,
    CONSTRAINT price_is_positive CHECK (price > 0),
    CONSTRAINT price_between CHECK (price BETWEEN 1 AND 1000.50),
    CONSTRAINT low_below CHECK (low < high),
    CONSTRAINT status_listed CHECK (status IN ('open', 'it''s', 'paid')),
    CONSTRAINT code_length CHECK (char_length(code) <= 10 AND code <> ''),
    CONSTRAINT mail_like CHECK (mail LIKE '%@%'),
    CONSTRAINT mail_regexp CHECK (mail REGEXP '^[^@]+@[^@]+$'),
    CONSTRAINT odd_positive CHECK (`odd ``name` >= -5 AND `odd ``name` < 100),
    CONSTRAINT kind_either CHECK (kind = 'a' OR kind = 'b'),
    CONSTRAINT code_null CHECK (code IS NOT NULL OR mail IS NULL),
    CONSTRAINT born_late CHECK (born > '1900-01-01'),
    CONSTRAINT not_this CHECK (NOT (low = 5)),
    CONSTRAINT status_unlisted CHECK (status NOT IN ('x'))
    /*!80016, CONSTRAINT unenforced CHECK (low > 7) NOT ENFORCED */);
CREATE TABLE field_checked (id int PRIMARY KEY, a int CHECK (a > 3), b int
    /*M! CHECK (a < b) */);

CREATE TABLE events (id int, at date NOT NULL, kind varchar(5) NOT NULL, PRIMARY KEY (id, at))
    PARTITION BY RANGE (to_days(at)) (
    PARTITION p0 VALUES LESS THAN (to_days('2024-01-01')),
    PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE listed (id int, kind varchar(5) NOT NULL, `odd ``k` int NOT NULL, PRIMARY KEY (id, kind, `odd ``k`))
    PARTITION BY LIST COLUMNS (kind, `odd ``k`) (PARTITION a VALUES IN (('x', 1)), PARTITION b VALUES IN (('y', 2)));
CREATE TABLE spread (id int PRIMARY KEY, n int) PARTITION BY KEY () PARTITIONS 3;
CREATE TABLE layered (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (year(day))
    SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (
    PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN (2030));

CREATE TABLE plain_myisam (id int PRIMARY KEY) ENGINE = MyISAM;
CREATE TABLE in_memory (id int PRIMARY KEY) ENGINE = MEMORY;
CREATE TABLE lined (id int NOT NULL) ENGINE = CSV;
/*!80013 CREATE TABLE hole (id int) ENGINE = BLACKHOLE */;
CREATE TABLE merged (id int PRIMARY KEY) ENGINE = MERGE UNION = (plain_myisam);
/*M! CREATE TABLE aria (id int PRIMARY KEY) ENGINE = Aria */;
/*M! CREATE TABLE versioned (id int PRIMARY KEY, note varchar(20)) WITH SYSTEM VERSIONING */;
/*M! CREATE TABLE versioned_plainly (id int PRIMARY KEY, note varchar(20),
    since timestamp(6) GENERATED ALWAYS AS ROW START, until timestamp(6) GENERATED ALWAYS AS ROW END,
    PERIOD FOR SYSTEM_TIME (since, until)) WITH SYSTEM VERSIONING */;
/*M! CREATE TABLE periods (id int NOT NULL, `from` date NOT NULL, `to` date NOT NULL, PERIOD FOR valid (`from`, `to`),
    UNIQUE (id, valid WITHOUT OVERLAPS)) */;
/*M! CREATE TABLE spans (id int NOT NULL, a date NOT NULL, b date NOT NULL,
    UNIQUE KEY plain (id, a, b)) */;
/*M! INSTALL SONAME 'ha_federatedx' */;
/*M! CREATE SEQUENCE numbers START WITH 100 */;
/*M! CREATE TABLE numbered (id bigint PRIMARY KEY DEFAULT nextval(numbers), x int DEFAULT (1 + 2)) */;
/*M! CREATE TABLE compressed (id int PRIMARY KEY, body text COMPRESSED, line varchar(100) COMPRESSED) */;
/*!80013 CREATE TABLE defaulted (id int PRIMARY KEY, x int DEFAULT (1 + 2), u binary(16) DEFAULT (uuid_to_bin(uuid()))) */;

CREATE VIEW rich AS SELECT id, name FROM customers;
CREATE PROCEDURE say() SELECT 1;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM keyless;
CREATE TABLE secret (id int PRIMARY KEY, plain int);
CREATE TABLE changed (id int PRIMARY KEY);

CREATE USER IF NOT EXISTS reader;
CREATE USER partly, nobody, roled;
GRANT SELECT ON shop.* TO reader;
GRANT SELECT ON shop.customers TO partly;
GRANT SELECT (id) ON shop.secret TO partly;
GRANT INSERT ON shop.changed TO partly;
CREATE ROLE may_read;
GRANT SELECT ON shop.* TO may_read;
GRANT may_read TO roled;
/*!80013 SET DEFAULT ROLE may_read TO roled */;
/*M! SET DEFAULT ROLE may_read FOR roled */;
-- It wants the server that it is of: this one.
/*M! SET @faraway = CONCAT('CREATE TABLE faraway (id int) ENGINE = FEDERATED CONNECTION = ',
    QUOTE(CONCAT('mysql://reader@127.0.0.1:', @@port, '/shop/keyless'))) */;
/*M! PREPARE faraway FROM @faraway */;
/*M! EXECUTE faraway */;
