SELECT 'ids in paths still name their tenant and person', count(*) = 60 FROM files f JOIN people p ON f.path LIKE concat('tenant-', p.tenant_id, '/', upper(uuid_text(p.id)), '/__ __ %');
SELECT 'ids in gateway names do too, with their zeros', count(*) = 60 FROM files f JOIN people p ON f.gateway = concat('gw_', uuid_text(p.id), ':', lpad(p.tenant_id, 8, '0'));
SELECT 'what does not match is scrambled', min(path NOT REGEXP 'no path|Anna') FROM files;
SELECT 'the template holds what stands beside it', min(email = concat(first_name, '.', coalesce(family_name, ''), '.', number, '@mail.example')) FROM people;
SELECT 'the choices are of the list', min(tier IN ('gold', 'silver', 'bronze') AND area IN ('north', 'south', 'east')) FROM people;
SELECT 'weights are rounded', min(weight % 10 = 0) FROM people;
SELECT 'times are months', min(dayofmonth(seen) = 1 AND time(seen) = 0) FROM people;
