SELECT 'numbers join', count(*) = 30 FROM crm JOIN shop ON customer = number;
SELECT 'addresses join as before', count(*) = 30 FROM crm JOIN shop ON customer = number AND mail = contact;
SELECT 'no address is that of the first epoch', NOT EXISTS (SELECT * FROM crm WHERE mail = '2cp7rly242crop7km57ctzfcou@mail.example');
