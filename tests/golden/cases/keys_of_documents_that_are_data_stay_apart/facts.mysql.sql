SELECT 'no key is lost', min(json_length(b) = 10) FROM docs;
SELECT 'keys that are data are none of those that were', min(NOT json_contains_path(b, 'one', '$."bob@corp.test"', '$."amy@corp.test"')) FROM docs;
SELECT 'names of fields stay', min(json_contains_path(b, 'one', '$.name')) FROM docs;
SELECT 'a number beyond 2^53 stays whole', min(json_extract(j, '$.big') = 9007199254740993) FROM docs;
SELECT 'what is no document is scrambled', min(t NOT LIKE '%document%') FROM docs;
