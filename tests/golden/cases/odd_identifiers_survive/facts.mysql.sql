SELECT 'five and their ten', (SELECT count(*) FROM `Order Items`) = 5 AND (SELECT count(*) FROM `Odd ``Name``.1` o JOIN `Order Items` i ON i.id = o.`order item`) = 10;
SELECT 'parents of a keyword', count(*) = 10 FROM `select`;
SELECT 'views answer', count(*) = 5 AND max(`x``y`) = 5 FROM `a ``view```;
SELECT 'the trigger is there', count(*) = 1 FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name = 'a `trigger`';
SELECT 'the key is there', count(*) = 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'odd `key`';
SELECT 'labels are as they were', column_type LIKE 'enum(''a''''b'',''c\\\\%d'',''e"f'',''é'')' FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = '列';
