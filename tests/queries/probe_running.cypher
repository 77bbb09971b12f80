// How many statements of probe_slow the server is working on.
SHOW TRANSACTIONS YIELD currentQuery
WHERE currentQuery CONTAINS 'a * b = -1' AND NOT currentQuery CONTAINS 'SHOW TRANSACTIONS'
RETURN count(*) AS slow
