// The studies with one of these registry numbers; a list has no index, so it is asked once for each chunk of a load.
MATCH (n:Study)
WHERE any(number IN n.registry_numbers WHERE number IN $numbers)
RETURN n {.*} AS node
