SELECT 'every row came', count(*) = 45 FROM thing;
SELECT 'shares moved', count(DISTINCT share) > 20 FROM thing;
