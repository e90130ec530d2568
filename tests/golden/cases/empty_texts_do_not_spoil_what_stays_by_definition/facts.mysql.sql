SELECT 'empty stays empty', card = '' AND phone = '' AND mail = '' AND iban = '' FROM paid WHERE id = 3;
SELECT 'numbers change', card <> '4111111111111111' AND phone <> '+49 171 1234567'
    AND mail NOT LIKE 'ann@%' AND iban <> 'DE89370400440532013000' FROM paid WHERE id = 2;
