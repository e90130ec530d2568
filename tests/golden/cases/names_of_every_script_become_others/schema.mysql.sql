CREATE TABLE person (
    id bigint PRIMARY KEY, whole varchar(200) NOT NULL, again text NOT NULL, street text, town text, zip text, employer text, extra json) COLLATE utf8mb4_bin;
CREATE TABLE visit (id bigint PRIMARY KEY, person_id bigint NOT NULL, guest text NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id)) COLLATE utf8mb4_bin;
INSERT INTO person (id, whole, again) VALUES
    (1, 'Anna Smith', ''), (2, 'Jürgen Müller', ''), (3, 'Nguyễn Thị Ánh', ''), (4, 'Αλέξανδρος Παπαδόπουλος', ''), (5, 'Мария Иванова', ''), (6, 'Արամ Սարգսյան', ''), (7, 'דוד כהן', ''), (8, 'محمد الحسيني', ''),
    (9, 'ޢަލީ މަނިކު', ''), (10, 'अजिता शर्मा', ''), (11, 'অভয়নগর', ''), (12, 'สมชาย กนกวรรณ', ''), (13, 'გიორგი აბაშიძე', ''), (14, 'やまだ たろう', ''), (15, 'ヤマダ タロウ', ''), (16, '김민수', ''), (17, '山田太郎', ''), (18, '王伟', ''), (19, 'தமிழ் செல்வன்', ''),
    (20, concat('Jose', _utf8mb4 x'CC81', ' Nun', _utf8mb4 x'CC83', 'ez'), ''), (21, 'O''Brien', ''), (22, 'van der Berg, Jan', ''), (23, 'Dr. J. R. R. Tolkien', '');
UPDATE person SET again = 'Anna Katharina Smith', street = elt(1 + id % 3, 'Rue de la Paix 12', 'улица Ленина 7', '12 Main Street'),
    town = elt(1 + id % 4, 'Berlin', 'Αθήνα', '北京', 'Москва'), zip = elt(1 + id % 3, 'D-80331', 'SW1A 1AA', '12345-6789'), employer = 'Acme Widgets Ltd.',
    extra = json_object('name', 'Anna Katharina Smith');
INSERT INTO visit SELECT g, 1 + g % 20, 'Anna Katharina Smith' FROM tests.series WHERE g BETWEEN 1 AND 40;
