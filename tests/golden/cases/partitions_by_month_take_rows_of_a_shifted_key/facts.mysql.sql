SELECT 'every row came', (SELECT count(*) FROM event) = 75 * (SELECT count(*) FROM account);
SELECT 'rows lie where their key says', (SELECT count(*) FROM event PARTITION (event_12) WHERE NOT (`at` >= '2024-01-01' AND `at` < '2024-02-01')) = 0 AND (SELECT count(*) FROM event PARTITION (event_12)) > 0;
SELECT 'what no month takes lies in the lowest range', (SELECT count(*) FROM event PARTITION (event_0) WHERE `at` < '2023-01-01') > 0;
SELECT 'a primary key with the shifted key holds', (SELECT count(*) FROM ledger) > 300;
SELECT 'nothing lies in the future', max(`at`) < '2025-01-01' FROM event;
SELECT 'kept partitions keep their rows', (SELECT count(*) FROM kept PARTITION (kept_old)) = 3 AND (SELECT count(*) FROM kept PARTITION (kept_new)) = 5;
SELECT 'partitions by a hash take permuted keys', count(*) = 50 FROM hashed;
SELECT 'all partitions are there, and one for what no other takes', count(*) = 25 AND sum(partition_name = 'understudy_rest') = 1 FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = 'event';
