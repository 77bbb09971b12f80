// All nodes of one label at once, in one row: for small kinds only, such as therapies and conditions.
MATCH (n:__Label__)
RETURN collect(n {.*}) AS nodes
