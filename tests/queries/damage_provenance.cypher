// Remove the note of who loaded what.
MATCH (l:LoadRun)
DETACH DELETE l
