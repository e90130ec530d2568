DROP ROLE IF EXISTS keeper, holder;
CREATE ROLE keeper;
CREATE ROLE holder;
