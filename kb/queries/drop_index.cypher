// Remove an index of the schema, which is to be made anew.
DROP INDEX __Index__ IF EXISTS
