-- Thirty tails of kinds that shop.manifest lacks, planted into a loaded shop, each in few rows.
-- usage: psql -f further.sql    after shop.sql at any scale from 0.1 up
-- public.further is a manifest of the same form and the kind of oddity: q gives the keys of the rows
-- that show it, with search_path=shop, in production and in a subset alike.
-- Nothing here was taken back or made easier after it was seen to be lost.
\set ON_ERROR_STOP 1
begin;
set local search_path = shop, public;
set local timezone = 'UTC';
create table public.further(plant text primary key, tab text, kind text, note text, q text, n bigint, need int);

-- 1 a split fan-out: two methods of payment that are both the default
update payment_methods set is_default = true where id in (
    select max(id) from payment_methods where customer_id > pl(41000) group by customer_id
    having count(*) = 2 order by min(customer_id) limit 4);
insert into further values ('two_defaults', 'customers', 'fan-out by value', 'two default payment methods',
    $q$select customer_id::text from payment_methods where is_default group by 1 having count(*) > 1$q$, 0, 1);

-- 2 to 4 a child against its parent
update payments set created_at = created_at - interval '40 days'
    where id in (select min(id) from payments where order_id in (pl(17171), pl(117171), pl(217171), pl(37171)) group by order_id);
insert into further values ('paid_before_order', 'payments', 'child against parent', 'paid 40 days before the order',
    $q$select p.id::text from payments p join orders o on o.id = p.order_id where p.created_at < o.created_at - interval '30 days' and o.created_at < '2030-01-01'$q$, 0, 1);
update payments p set amount = round(p.amount / 100, 2) from orders o
    where o.id = p.order_id and o.total > 100 and p.amount = o.total and p.id in (
        select x.id from payments x join orders y on y.id = x.order_id
        where y.total > 100 and x.amount = y.total and x.id > pl(180000) order by x.id limit 4);
insert into further values ('payment_in_cents', 'payments', 'child against parent', 'a hundredth of the order''s total',
    $q$select p.id::text from payments p join orders o on o.id = p.order_id where o.total > 100 and p.amount = round(o.total / 100, 2)$q$, 0, 1);
update cart_items set added_at = added_at - interval '1 year', updated_at = updated_at - interval '1 year'
    where (cart_id, product_id) in (select cart_id, min(product_id::text)::uuid from cart_items
        where cart_id in (pl(23232), pl(43232), pl(63232)) group by 1);
insert into further values ('added_before_cart', 'cart_items', 'child against parent', 'put into the cart a year before the cart was there',
    $q$select i.cart_id || ',' || i.product_id from cart_items i join carts c on c.id = i.cart_id where i.added_at < c.created_at - interval '300 days' and i.updated_at - i.added_at < interval '30 days'$q$, 0, 1);

-- 5 to 12 what stands in a text
update customers set email = 'user' || id || ' at mail.example' where id in (pl(15551), pl(35551), pl(55551), pl(75551));
insert into further values ('email_no_at', 'customers', 'shape', 'an e-mail address without @',
    $q$select id::text from customers where email not like '%@%'$q$, 0, 1);
update customers set phone = '1-800-FLOWERS' where id = pl(18881);
update customers set phone = 'ask for Bob' where id = pl(58881);
update customers set phone = '+1 415 CALL ME' where id = pl(88881);
insert into further values ('phone_letters', 'customers', 'shape', 'a telephone number with letters',
    $q$select id::text from customers where phone ~ '[A-Za-z]'$q$, 0, 1);
update customers set name = 'NULL' where id in (pl(19991), pl(59991));
update customers set name = 'N/A' where id in (pl(39991), pl(79991));
insert into further values ('name_null_word', 'customers', 'word', 'NULL and N/A as names',
    $q$select id::text from customers where name in ('NULL', 'N/A')$q$, 0, 1);
update customers set name = 'X' where id in (pl(29391), pl(69391));
insert into further values ('one_letter_name', 'customers', 'length', 'a name of one letter',
    $q$select id::text from customers where length(name) = 1$q$, 0, 1);
update customers c set email = initcap(o.email) from customers o
    where o.id = c.id - 1 and c.id in (pl(24681), pl(44681), pl(84681));
insert into further values ('email_case_twin', 'customers', 'shared value', 'one address in two spellings of case, both accounts',
    $q$select id::text from customers where lower(email) in (select lower(email) from customers group by 1 having count(distinct email) > 1)$q$, 0, 2);
update addresses set line1 = 'Flat' || chr(27) || '[2J 4' where id = pl(37373);
update addresses set line1 = '12' || chr(7) || ' Main St' where id = pl(97373);
insert into further values ('control_char', 'addresses', 'characters', 'escape and bell in an address',
    $q$select id::text from addresses where line1 ~ '[\x01-\x1f]'$q$, 0, 1);
update products set name = 'Invoice' || chr(8238) || 'fdp.exe' where sku in (
    'SKU-' || lpad(pl(6161)::text, 7, '0'), 'SKU-' || lpad(pl(16161)::text, 7, '0'));
insert into further values ('rtl_override', 'products', 'characters', 'right-to-left override in a name',
    $q$select id::text from products where strpos(name, chr(8238)) > 0$q$, 0, 1);
update addresses set zip = translate(zip, '0123456789', '０１２３４５６７８９') where id in (pl(48484), pl(128484));
insert into further values ('wide_digits', 'addresses', 'characters', 'a postcode in full-width digits',
    $q$select id::text from addresses where zip ~ '[０-９]'$q$, 0, 1);
update addresses set city = '90210' where id in (pl(51515), pl(101515), pl(141515));
insert into further values ('city_is_number', 'addresses', 'word', 'a number where the city should be',
    $q$select id::text from addresses where city ~ '^[0-9]+$'$q$, 0, 1);

-- 14 to 17 documents
create temp table chosen on commit drop as
    select ctid as at, row_number() over (order by ts, subject_id) as place from events
    where payload is not null and subject_type = 'customer' and subject_id < 900000000;
update events e set payload = e.payload || '{"debug": true}' from chosen c where e.ctid = c.at and c.place in (500, 5000, 15000);
insert into further values ('json_rare_key', 'events', 'document', 'a key that hardly any has',
    $q$select ts || '|' || subject_id from events where payload ? 'debug'$q$, 0, 1);
update events e set payload = '{"ip": 167772161}' from chosen c where e.ctid = c.at and c.place in (600, 6000, 16000);
insert into further values ('json_wrong_type', 'events', 'document', 'a number where all others have a string',
    $q$select ts || '|' || subject_id from events where jsonb_typeof(payload -> 'ip') = 'number'$q$, 0, 1);
update events e set payload = (repeat('{"ip": [', 12) || '1' || repeat(']}', 12))::jsonb from chosen c
    where e.ctid = c.at and c.place in (700, 7000);
insert into further values ('json_deep', 'events', 'document', '24 levels deep',
    $q$select ts || '|' || subject_id from events where payload #> '{ip,0,ip,0,ip,0}' is not null$q$, 0, 1);
update events e set payload = 'null' from chosen c where e.ctid = c.at and c.place in (800, 8000, 9000);
insert into further values ('json_null', 'events', 'document', 'the document is JSON''s null, not SQL''s',
    $q$select ts || '|' || subject_id from events where payload = 'null'$q$, 0, 1);

-- 18 to 22 times and numbers
update payment_methods set exp = '9999-12-31' where id in (pl(26262), pl(46262), pl(66262));
insert into further values ('exp_9999', 'payment_methods', 'calendar', 'expires on 9999-12-31',
    $q$select id::text from payment_methods where exp = '9999-12-31'$q$, 0, 1);
update carts set created_at = date_trunc('day', created_at) where id in (pl(12512), pl(32512), pl(52512), pl(72512));
insert into further values ('cart_midnight', 'carts', 'calendar', 'made at midnight exactly',
    $q$select id::text from carts where (created_at at time zone 'UTC')::time = '00:00'$q$, 0, 1);
update carts set updated_at = 'infinity' where id in (pl(27272), pl(67272));
insert into further values ('infinite_time', 'carts', 'special number', 'updated at infinity',
    $q$select id::text from carts where updated_at = 'infinity'$q$, 0, 1);
update products set price = 'NaN' where sku in ('SKU-' || lpad(pl(7171)::text, 7, '0'), 'SKU-' || lpad(pl(17171)::text, 7, '0'));
insert into further values ('nan_price', 'products', 'special number', 'the price is not a number',
    $q$select id::text from products where price = 'NaN'$q$, 0, 1);
update customers set credit_limit = 0.01 where id in (pl(16661), pl(46661), pl(96661));
insert into further values ('tiny_limit', 'customers', 'magnitude', 'a limit of one cent where 100 is the least',
    $q$select id::text from customers where credit_limit > 0 and credit_limit < 1$q$, 0, 1);

-- 23 to 26 columns of one row
update products set description = null where sku in (
    'SKU-' || lpad(pl(3131)::text, 7, '0'), 'SKU-' || lpad(pl(9131)::text, 7, '0'), 'SKU-' || lpad(pl(19131)::text, 7, '0'));
insert into further values ('rare_null', 'products', 'NULL', 'NULL in a column that has none otherwise',
    $q$select id::text from products where description is null$q$, 0, 1);
update carts set updated_at = created_at - interval '3 days' where id in (pl(14141), pl(34141), pl(74141));
insert into further values ('updated_before_created', 'carts', 'difference', 'changed before it was made',
    $q$select id::text from carts where updated_at < created_at$q$, 0, 1);
update orders set shipped_at = created_at + interval '1 day', delivered_at = created_at + interval '8 days'
    where id in (select id from orders where status = 'cancelled' and id > pl(130000) order by id limit 4);
insert into further values ('cancelled_delivered', 'orders', 'value and NULL', 'cancelled and yet delivered',
    $q$select id::text from orders where status = 'cancelled' and delivered_at is not null$q$, 0, 1);
update customers set tier = 'free' where country = 'AU' and locale = 'ja_JP' and tier = 'gold' and id not in (
    select id from customers where country = 'AU' and locale = 'ja_JP' and tier = 'gold' order by id limit 3);
insert into further values ('rare_triple', 'customers', 'combination of three', 'gold in Australia in Japanese; each two of them are common',
    $q$select id::text from customers where country = 'AU' and locale = 'ja_JP' and tier = 'gold'$q$, 0, 1);

-- 27 to 30 a break, twins and the lonely
update carts set customer_id = null where created_at < '2024-06-01 01:00+00';
insert into further values ('guest_era', 'carts', 'era', 'in the first hour no cart has a customer; later nine in ten',
    $q$select id::text from carts where created_at < '2024-06-01 01:00+00' and customer_id is null$q$, 0, 1);
insert into events select e.* from events e join chosen c on e.ctid = c.at where c.place in (900, 9100, 19000);
insert into events select * from events where subject_type = 'order' and ts > '2024-08-08' order by ts, subject_id limit 1;
insert into further values ('event_twice', 'events', 'twin rows', 'the same event twice',
    $q$select ts || '|' || subject_id from events group by ts, subject_type, subject_id, kind, actor_id, payload having count(*) > 1$q$, 0, 1);
update orders b set customer_id = a.customer_id, total = a.total, created_at = a.created_at, status = a.status,
    shipped_at = a.shipped_at, delivered_at = a.delivered_at, ship_address_id = a.ship_address_id
    from orders a where a.id = b.id - 1 and b.id in (pl(45451), pl(145451), pl(245451));
update payments p set amount = o.total, created_at = o.created_at + interval '1 minute' from orders o
    where o.id = p.order_id and o.id in (pl(45451), pl(145451), pl(245451));
insert into further values ('double_submit', 'orders', 'twin rows', 'one customer, one total, one instant, two orders',
    $q$select max(id)::text from orders group by customer_id, total, created_at having count(*) > 1$q$, 0, 1);
insert into products select md5('unsold' || g)::uuid, 'SKU-' || lpad((pl(20000) + g)::text, 7, '0'), 1 + g, 'Product ' || (pl(20000) + g),
    40 + g, 'live', 'Nice thing', timestamptz '2020-02-02 02:02:02' + g * interval '1 day' from generate_series(1, 2) g;
insert into further select 'never_sold', 'products', 'fan-out', 'in no order and in no cart', format(
    $q$select id::text from products where sku in ('SKU-%s', 'SKU-%s')$q$,
    lpad((pl(20000) + 1)::text, 7, '0'), lpad((pl(20000) + 2)::text, 7, '0')), 0, 1;

do $$
declare r record; c bigint;
begin
    set local search_path = shop;
    for r in select * from public.further loop
        execute 'select count(*) from (' || r.q || ') z' into c;
        if c < r.need or c > 20 then
            raise exception 'tail % was planted into % rows', r.plant, c;
        end if;
        update public.further set n = c where plant = r.plant;
    end loop;
end $$;
commit;
vacuum analyze;
