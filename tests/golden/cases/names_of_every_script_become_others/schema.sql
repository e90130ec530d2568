CREATE TABLE person (
    id bigint PRIMARY KEY, whole text NOT NULL, again text NOT NULL, street text, town text, zip text, employer text, extra jsonb);
INSERT INTO person SELECT g, name, 'Anna Katharina Smith', (ARRAY['Rue de la Paix 12', 'улица Ленина 7', '12 Main Street'])[1 + g % 3],
    (ARRAY['Berlin', 'Αθήνα', '北京', 'Москва'])[1 + g % 4], (ARRAY['D-80331', 'SW1A 1AA', '12345-6789'])[1 + g % 3], 'Acme Widgets Ltd.',
    jsonb_build_object('name', 'Anna Katharina Smith')
    FROM unnest(ARRAY['Anna Smith', 'Jürgen Müller', 'Nguyễn Thị Ánh', 'Αλέξανδρος Παπαδόπουλος', 'Мария Иванова', 'Արամ Սարգսյան', 'דוד כהן', 'محمد الحسيني',
        'ޢަލީ މަނިކު', 'अजिता शर्मा', 'অভয়নগর', 'สมชาย กนกวรรณ', 'გიორგი აბაშიძე', 'やまだ たろう', 'ヤマダ タロウ', '김민수', '山田太郎', '王伟', 'தமிழ் செல்வன்',
        'Jose' || chr(769) || ' Nun' || chr(771) || 'ez', 'O''Brien', 'van der Berg, Jan', 'Dr. J. R. R. Tolkien']) WITH ORDINALITY AS n (name, g);
CREATE TABLE visit (id bigint PRIMARY KEY, person_id bigint NOT NULL REFERENCES person, guest text NOT NULL);
INSERT INTO visit SELECT g, 1 + g % 20, 'Anna Katharina Smith' FROM generate_series(1, 40) g;
