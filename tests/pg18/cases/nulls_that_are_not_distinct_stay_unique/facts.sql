SELECT 'rows', count(*) = 10 FROM public.seat;
SELECT 'the key', indnullsnotdistinct FROM pg_catalog.pg_index WHERE indexrelid = 'public.seat_grp_place_key'::regclass;
