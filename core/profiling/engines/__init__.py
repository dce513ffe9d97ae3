"""Who does the counting; the folder is the table: each engine is one function `profile`."""
