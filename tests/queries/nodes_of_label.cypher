// All nodes of one label, one by one.
MATCH (n:__Label__)
RETURN n {.*} AS node
