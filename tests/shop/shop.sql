-- shop.sql: a "shop" production database with planted oddities.
-- usage: psql -v S=1 -f shop.sql    S from 0.1 up; 1: 2.46 million rows, 38 tails (shop.manifest)
-- At scales below 1 the ids of the planted rows shrink with the tables.
\if :{?S}
\else
\set S 1
\endif
\set ON_ERROR_STOP 1
select (100000*:S)::bigint as "NC", (20000*:S)::bigint as "NP", (300000*:S)::bigint as "NO" \gset
drop schema if exists shop cascade; create schema shop; set search_path=shop;
create function pl(x bigint) returns bigint language sql immutable return case when :S < 1 then greatest(1, ceil(x * :S))::bigint else x end;
create function h(x bigint, s bigint) returns bigint language sql immutable parallel safe as $$ select hashint8extended(x,s) & 9223372036854775807 $$;
create function u(x bigint, s bigint) returns float8 language sql immutable parallel safe as $$ select (hashint8extended(x,s) & 4503599627370495)::float8/4503599627370496.0 $$;
create table departments(id int primary key, name text not null, head_employee_id int);
create table employees(id int primary key, department_id int not null references departments(id), manager_id int references employees(id), name text not null, hired date not null);
create table categories(id int primary key, parent_id int references categories(id), name text not null);
create table customers(id bigint primary key, email text, name text not null, phone text, country char(2) not null, status text not null, tier text not null, locale text, birth_date date, credit_limit numeric(12,2), is_active bool not null, created_at timestamptz not null, updated_at timestamptz not null, deleted_at timestamptz);
create table addresses(id bigint primary key, customer_id bigint not null references customers(id), kind text not null, line1 text, city text, zip text, country char(2));
create table payment_methods(id bigint primary key, customer_id bigint not null references customers(id), brand text not null, last4 char(4) not null, exp date not null, is_default bool not null);
create table products(id uuid primary key, sku text not null, category_id int references categories(id), name text not null, price numeric(12,2) not null, status text not null, description text, created_at timestamptz not null);
create table carts(id bigint primary key, customer_id bigint references customers(id), status text not null, created_at timestamptz not null, updated_at timestamptz not null);
create table cart_items(cart_id bigint not null references carts(id), product_id uuid not null references products(id), qty int not null, added_at timestamptz not null, updated_at timestamptz not null, primary key(cart_id,product_id));
create table orders(id bigint primary key, customer_id bigint /* no FK */, ship_address_id bigint references addresses(id), status text not null, currency char(3) not null, total numeric(12,2) not null, created_at timestamptz not null, shipped_at timestamptz, delivered_at timestamptz, coupon text);
create table order_items(order_id bigint not null references orders(id), line_no int not null, product_id uuid references products(id), qty int not null, price numeric(12,2) not null, primary key(order_id,line_no));
create table payments(id bigint primary key, order_id bigint not null references orders(id), payment_method_id bigint references payment_methods(id), amount numeric(12,2) not null, status text not null, error_code text, created_at timestamptz not null);
create table events(ts timestamptz not null, subject_type text, subject_id bigint, kind text not null, actor_id bigint, payload jsonb);
-- ---- body -------------------------------------------------------------
insert into departments select g,'dept '||g,null from generate_series(1,20) g;
insert into employees select g, 1+g%20, case when g>1 then g/6+ (g<6)::int end, 'emp '||g, date '2012-01-01'+(h(g,1)%4000)::int from generate_series(1,500) g;
update departments set head_employee_id=id*7; alter table departments add foreign key(head_employee_id) references employees(id);
insert into categories select g, case when g>12 then 1+g/14 end, 'cat '||g from generate_series(1,200) g;
insert into customers select g, 'user'||g||'@'||(array['gmail.com','yahoo.com','corp.example','mail.example','outlook.com'])[1+h(g,2)%5], (array['Ann','Bob','Eve','Joe','Sue','Kim','Lee','Max'])[1+h(g,3)%8]||' '||(array['Smith','Jones','Brown','Clark','Young','Lopez'])[1+h(g,4)%6]||case when u(g,5)<.15 then '-Ort' else '' end,
  case when u(g,6)<.7 then '+1'||(2000000000+h(g,7)%7999999999) end,
  (array['US','US','US','US','DE','GB','FR','CA','BR','IN','JP','AU'])[1+h(g,8)%12], case when u(g,9)<.93 then 'ok' when u(g,9)<.98 then 'inactive' else 'suspended' end,
  case when u(g,10)<.8 then 'free' when u(g,10)<.97 then 'gold' else 'silver' end, (array['en_US','en_US','de_DE','fr_FR','pt_BR','ja_JP'])[1+h(g,11)%6],
  case when u(g,12)<.6 then date '1940-01-01'+(h(g,13)%24000)::int end, round((100+u(g,14)*u(g,15)*9900)::numeric,2), u(g,16)>=.04, timestamptz '2016-03-01'+ u(g,17)*interval '3300 days', timestamptz '2025-03-15'+u(g,18)*interval '30 days',
  case when u(g,16)<.04 then timestamptz '2025-01-01'+u(g,19)*interval '60 days' end from generate_series(1,:NC) g;
insert into addresses select g, 1+floor(u(g,20)*(:NC))::bigint, (array['ship','ship','bill'])[1+h(g,21)%3], (1+h(g,22)%9999)||' Main St', 'City '||(h(g,23)%3000), lpad((h(g,24)%99999)::text,5,'0'), (array['US','DE','GB','FR'])[1+h(g,25)%4] from generate_series(1,(150000*:S)::bigint) g;
insert into payment_methods select row_number() over (), c, (array['visa','visa','mastercard','amex'])[1+h(c*10+k,26)%4], lpad((h(c*10+k,27)%10000)::text,4,'0'), date '2024-01-01'+(h(c*10+k,28)%2000)::int, k=1 from generate_series(1,:NC) c, lateral generate_series(1,case when u(c,29)<.2 then 0 when u(c,29)<.75 then 1 when u(c,29)<.92 then 2 when u(c,29)<.98 then 3 when u(c,29)<.995 then 4 else 5 end) k;
insert into products select md5('p'||g)::uuid,'SKU-'||lpad(g::text,7,'0'),1+h(g,30)%150,'Product '||g,round((1+u(g,31)*u(g,32)*999)::numeric,2),case when u(g,33)<.9 then 'live' else 'retired' end,'Nice thing number '||g||repeat(' lorem ipsum',(h(g,34)%20)::int),timestamptz '2016-03-01'+u(g,35)*interval '3000 days' from generate_series(1,:NP) g;
insert into carts select g, case when u(g,36)<.9 then 1+floor(u(g,37)*(:NC))::bigint end,(array['open','open','checked_out','abandoned'])[1+h(g,38)%4], t, t+u(g,40)*interval '9 days' from (select g, timestamptz '2024-06-01'+u(g,39)*interval '290 days' t from generate_series(1,(80000*:S)::bigint) g) z;
insert into cart_items select c.id, md5('p'||(1+(h(c.id*20+k,41)%(:NP))))::uuid, 1+(h(c.id*20+k,42)%4)::int, c.created_at, c.created_at+u(c.id*20+k,43)*interval '9 days' from carts c, lateral generate_series(1,1+(h(c.id,44)%4)::int) k on conflict do nothing;
insert into orders select g, cu, null, case when u(g,45)<.8 then 'delivered' when u(g,45)<.9 then 'shipped' when u(g,45)<.97 then 'paid' else 'cancelled' end,(array['USD','USD','USD','EUR','GBP'])[1+h(g,46)%5], round((5+u(g,47)*u(g,48)*900)::numeric,2), t, case when u(g,45)<.9 then t+u(g,49)*interval '5 days' end, case when u(g,45)<.8 then t+interval '5 days'+u(g,50)*interval '10 days' end, case when u(g,51)<.08 then 'SAVE'||(h(g,52)%40) end
 from (select g, 1+floor(power(u(g,53),1.7)*(:NC)*.85)::bigint cu, timestamptz '2016-04-01'+u(g,54)*interval '3260 days' t from generate_series(1,:NO) g) z;
create index on addresses(customer_id);
update orders o set ship_address_id=a.id from (select customer_id, min(id) id from addresses group by 1) a where a.customer_id=o.customer_id;
insert into order_items select o.id,k,md5('p'||(1+floor(power(u(o.id*20+k,55),2)*(:NP)))::bigint)::uuid,1+(h(o.id*20+k,56)%3)::int,round((1+u(o.id*20+k,57)*300)::numeric,2) from orders o, lateral generate_series(1,1+(h(o.id,58)%4)::int) k;
create index on payment_methods(customer_id);
insert into payments select row_number() over(), o.id, pm.id, o.total, case when u(o.id,59)<.96 then 'captured' when u(o.id,59)<.985 then 'failed' else 'refunded' end, case when u(o.id,59)>=.96 and u(o.id,59)<.985 then (array['card_declined','insufficient_funds','expired_card'])[1+h(o.id,60)%3] end, o.created_at+interval '1 minute' from orders o left join (select customer_id,min(id) id from payment_methods group by 1) pm on pm.customer_id=o.customer_id where o.status<>'cancelled';
insert into events select timestamptz '2024-01-01'+u(g,61)*interval '440 days', (array['order','order','customer','cart'])[1+h(g,62)%4], 1+(h(g,63)%(case h(g,62)%4 when 2 then :NC when 3 then (80000*:S)::bigint else :NO end)), (array['view','update','email_sent','note'])[1+h(g,64)%4], case when u(g,65)<.5 then 1+h(g,66)%500 end, case when u(g,67)<.3 then jsonb_build_object('ip','10.0.'||h(g,68)%255||'.'||h(g,69)%255) end from generate_series(1,(450000*:S)::bigint) g;
-- ---- plants -----------------------------------------------------------
create table manifest(plant text primary key, tab text, note text, q text, n bigint, need int);
-- q returns the PK text of rows expressing the plant, written with unqualified names: run it with search_path=shop or =subset
-- 1 forty-seven accounts, one e-mail
update customers set email='test@test.com' where id in (select pl(1000+g*1999) from generate_series(1,47) g);
insert into manifest values('dup_email_47','customers','47 accounts share one e-mail',$q$select id::text from customers where email in (select email from customers group by 1 having count(*)>5)$q$,0,2);
-- 2 >5 payment methods: 0.02 % of customers
insert into payment_methods select 10000000+row_number() over(), c.id, 'visa', lpad((h(c.id+k,70)%10000)::text,4,'0'), date '2027-01-01', false from (select pl(2500+g*4777) id, 6+(g%9) n from generate_series(1,(20*:S)::bigint) g) c, lateral generate_series(1,c.n) k;
insert into manifest values('pm_gt5','customers','customers with more than 5 payment methods',$q$select customer_id::text from payment_methods group by customer_id having count(*)>5$q$,0,1);
-- 3 847 days in the cart
update cart_items set added_at=updated_at-interval '847 days' where (cart_id,product_id) in (select cart_id,min(product_id::text)::uuid from cart_items where cart_id in (pl(11111),pl(33333),pl(55555)) group by 1);
insert into manifest values('cart_847d','cart_items','item sat 847 days in cart',$q$select cart_id||','||product_id from cart_items where updated_at-added_at>interval '800 days'$q$,0,1);
-- 4 deleted AND active
update customers set deleted_at='2025-01-20', is_active=true where id in (select pl(777+g*13337) from generate_series(1,6) g);
insert into manifest values('deleted_and_active','customers','deleted_at set but is_active',$q$select id::text from customers where deleted_at is not null and is_active$q$,0,1);
-- 5 orphan orders (no FK)
update orders set customer_id=900000000+id, ship_address_id=null where id in (select pl(5000+g*23456) from generate_series(1,11) g);
insert into manifest values('orphan_order','orders','customer_id points nowhere (no FK)',$q$select id::text from orders where customer_id>=900000000$q$,0,1);
-- 6 orphan polymorphic events + unknown subject_type
update events set subject_id=910000000+subject_id where ctid in (select ctid from events where subject_type='cart' order by ts limit 9);
insert into manifest values('orphan_event','events','polymorphic subject gone',$q$select ts||'|'||subject_id from events where subject_id>=910000000$q$,0,1);
update events set subject_type='Invoice_OLD' where ctid in (select ctid from events where subject_type='order' order by ts desc limit 5);
insert into manifest values('unknown_subject_type','events','dead polymorphic type',$q$select ts||'|'||subject_id from events where subject_type='Invoice_OLD'$q$,0,1);
-- 7 deprecated enum values
update orders set status='LEGACY_HOLD' where id in (pl(40404),pl(80808),pl(121212),pl(202020));
update payments set status='chargeback_v1' where id in (pl(31337),pl(131337),pl(231337));
update orders set currency='XXX' where id in (pl(99991),pl(199991));
insert into manifest values('enum_order_legacy','orders','deprecated status',$q$select id::text from orders where status='LEGACY_HOLD'$q$,0,1),('enum_payment_cb','payments','deprecated status',$q$select id::text from payments where status='chargeback_v1'$q$,0,1),('currency_xxx','orders','sentinel currency',$q$select id::text from orders where currency='XXX'$q$,0,1);
-- 8 odd unicode (several classes)
update customers set name=(array['مريم الخوري','👩‍👩‍👧‍👦 Fam','Zoe'||U&'\0301'||U&'\0327','Z̷̢a̶l̸g̵o̴','李小龍','Ann'||U&'\200B'||'Smith','O''Brien"; --','Ñandú Ærø'])[g] from generate_series(1,8) g where id=pl(3141+g*11003);
insert into manifest select 'unicode_'||k,'customers','odd unicode '||k,format('select id::text from customers where id=%s and name ~ ''[^ -~]|''''''',pl(3141+k*11003)),0,1 from generate_series(1,8) k;
update customers set email='  Foo'||id||'@EXAMPLE.com ' where id in (pl(12321),pl(32123),pl(52125),pl(72127),pl(92129));
insert into manifest values('email_ws_case','customers','leading space, upper case',$q$select id::text from customers where email<>lower(trim(email))$q$,0,1);
update products set description=repeat('x y ',15000) where sku in ('SKU-'||lpad(pl(4242)::text,7,'0'),'SKU-'||lpad(pl(14242)::text,7,'0'));
insert into manifest values('long_text','products','60 kB description',$q$select id::text from products where length(description)>50000$q$,0,1);
update customers set phone='' where id in (select pl(4321+g*17771) from generate_series(1,5) g);
insert into manifest values('empty_vs_null','customers','empty phone',$q$select id::text from customers where phone=''$q$,0,1);
-- 9 before the last migration
update customers set created_at=timestamptz '2011-05-05'+(id%900)*interval '1 day', locale=null, updated_at=timestamptz '2014-01-01' where id in (select pl(50+g*7919) from generate_series(1,12) g);
insert into manifest values('pre_migration','customers','created before the migration, locale null',$q$select id::text from customers where created_at<'2015-01-01' and locale is null$q$,0,1);
-- 10 numbers & dates
update orders set total=-total where id in (pl(60606),pl(160606),pl(260606)); update orders set total=0 where id in (pl(61616),pl(161616),pl(261616),pl(11616),pl(211616));
update orders set created_at='2038-01-19' where id in (pl(77077),pl(177077));
update orders set delivered_at=shipped_at-interval '3 days' where id in (select id from orders where delivered_at is not null and id>pl(150000) order by id limit 4);
update order_items set qty=2147483647 where order_id=pl(123456) and line_no=1;
update customers set birth_date='1900-01-01' where id in (select pl(99+g*6007) from generate_series(1,15) g);
insert into manifest values('total_negative','orders','',$q$select id::text from orders where total<0$q$,0,1),('total_zero','orders','',$q$select id::text from orders where total=0$q$,0,1),('created_2038','orders','',$q$select id::text from orders where created_at>'2030-01-01'$q$,0,1),('delivered_before_shipped','orders','',$q$select id::text from orders where delivered_at<shipped_at$q$,0,1),('qty_intmax','order_items','',$q$select order_id||','||line_no from order_items where qty>1000000$q$,0,1),('birth_1900','customers','sentinel date',$q$select id::text from customers where birth_date='1900-01-01'$q$,0,1);
-- 11 rare pair / triple of individually common values
update customers set tier='silver',status='inactive',country='JP',locale='pt_BR' where false;
update customers set tier=case when tier='silver' and status='suspended' then 'gold' else tier end where status='suspended';
update customers set tier='silver',status='suspended' where id in (pl(34343),pl(64646),pl(94949));
insert into manifest values('rare_pair','customers','tier=silver and status=suspended, each common',$q$select id::text from customers where tier='silver' and status='suspended'$q$,0,1);
-- 12 fan-out
update orders set customer_id=pl(66666), ship_address_id=null where id between pl(290000) and pl(290000)+799;
insert into order_items select pl(222222), 100+k, md5('p'||k)::uuid,1,1 from generate_series(1,300) k;
delete from order_items where order_id in (select pl(7000+g*41414) from generate_series(1,7) g);
insert into manifest values('whale_customer','customers','~800 orders',$q$select customer_id::text from orders group by customer_id having count(*)>=500$q$,0,1),('order_300_lines','orders','',$q$select order_id::text from order_items group by 1 having count(*)>=250$q$,0,1),('order_0_lines','orders','',format($q$select o.id::text from orders o where o.id in (%s,%s,%s,%s,%s,%s,%s) and not exists(select 1 from order_items i where i.order_id=o.id)$q$,pl(48414),pl(89828),pl(131242),pl(172656),pl(214070),pl(255484),pl(296898)),0,1);
insert into payments select 20000000+row_number() over(), o, null, 10,'failed','card_declined',timestamptz '2025-01-01'+k*interval '1 min' from unnest(array[pl(1234),pl(51234),pl(101234),pl(151234),pl(201234),pl(251234)]) o, generate_series(1,6) k;
insert into manifest values('payment_retries','orders','>5 payments on one order',$q$select order_id::text from payments group by 1 having count(*)>5$q$,0,1);
-- 13 graph shapes
insert into categories select 1000+k, case when k=1 then 3 else 1000+k-1 end,'deep '||k from generate_series(1,12) k;
insert into manifest values('deep_category','categories','depth>=12',$q$select id::text from categories where id=1012$q$,0,1);
update products set category_id=1012 where sku='SKU-'||lpad(pl(777)::text,7,'0');
update employees set manager_id=402 where id=401; update employees set manager_id=401 where id=402; update employees set manager_id=450 where id=450;
insert into manifest values('manager_cycle','employees','A->B->A',$q$select a.id::text from employees a join employees b on b.id=a.manager_id and b.manager_id=a.id and a.id<>b.id$q$,0,2),('self_manager','employees','',$q$select id::text from employees where id=manager_id$q$,0,1);
-- 14 diamond inconsistency: ships to somebody else's address ; null pattern
update orders set ship_address_id=(select min(id) from addresses where customer_id>pl(50000) and id>pl(1000)) where id in (pl(15151),pl(115151),pl(215151),pl(265151),pl(165151));
insert into manifest values('diamond_mismatch','orders','order.customer <> address.customer',$q$select o.id::text from orders o join addresses a on a.id=o.ship_address_id where a.customer_id<>o.customer_id$q$,0,1);
update addresses set line1=null, city=null, zip=null where id in (pl(22222),pl(44444),pl(88888),pl(122222));
insert into manifest values('null_pattern','addresses','line1+city+zip null',$q$select id::text from addresses where line1 is null and city is null and zip is null$q$,0,1);
create index on orders(customer_id); create index on orders(ship_address_id); create index on payments(order_id); create index on payments(payment_method_id); create index on carts(customer_id); create index on order_items(product_id); create index on cart_items(product_id); create index on products(category_id); create index on orders(created_at); create index on orders(status); create index on customers(email); create index on events(subject_type,subject_id);
do $$ declare r record; c bigint; begin set local search_path=shop; for r in select * from manifest loop execute 'select count(*) from ('||r.q||') z' into c; update manifest set n=c where plant=r.plant; end loop; end $$;
analyze;
vacuum full; vacuum analyze;
