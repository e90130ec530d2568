SELECT 'the times of everybody moved', max(`at`) < '2024-09-01' FROM visit WHERE `at` < '9999-01-01';
SELECT 'sentinels stayed', count(*) = 260 FROM visit WHERE `at` = '9999-12-31 00:00:00' OR `at` = 0;
