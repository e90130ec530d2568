-- The bank of tests/accept/bank.c. psql -v directory=... -f bank.sql
CREATE TABLE accounts (id integer PRIMARY KEY);
CREATE TABLE trades (
    id integer PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts,
    traded_at timestamp(0) with time zone NOT NULL,
    quantity numeric(18, 8) NOT NULL,
    amount numeric(14, 2) NOT NULL CHECK (amount > 0)
);
\cd :directory
\copy accounts from accounts.tsv
\copy trades from trades.tsv
CREATE INDEX ON trades (account_id);
ANALYZE;
