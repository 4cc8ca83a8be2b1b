"""The steps that made the file what it is. A released step is never renamed, renumbered or changed."""
