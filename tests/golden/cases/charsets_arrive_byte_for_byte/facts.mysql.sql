SELECT 'every byte of latin1 stays, those without a letter too', count(*) = 255 FROM texts WHERE id < 256 AND hex(l) = lpad(hex(id), 2, '0');
SELECT 'the others stay bytes', hex(u2) = '03A9' AND hex(u16) = 'D83DDEB2' AND hex(u32) = '0001F6B2' AND hex(sj) = '835C955C836583588367' AND hex(g) = 'D6D0CEC45C' AND hex(b5) = 'A55CB35CBB5C' AND hex(k8) = 'F0D2C9D7C5D4' AND hex(cp) = 'CFF0E8E2E5F2' AND hex(bin) = '00FF80' FROM texts WHERE id = 1000;
SELECT 'columns keep their character sets', count(DISTINCT character_set_name) >= 11 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'texts';
SELECT 'keys of another character set join', count(*) = 2 FROM keyed a JOIN keyed b ON a.refers = b.code;
