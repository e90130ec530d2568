SELECT 'every row came', (SELECT count(*) FROM journal) = 20 AND (SELECT count(*) FROM thing) = 20;
SELECT 'it stays what it was', engine = 'MyISAM' FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'journal';
