SELECT 'numbers join', count(*) = 30 FROM crm JOIN shop ON customer = number;
SELECT 'addresses join as before', count(*) = 30 FROM crm JOIN shop ON customer = number AND mail = contact;
