// All nodes of one label: for small kinds only, such as therapies and conditions.
MATCH (n:__Label__)
RETURN n {.*} AS node
