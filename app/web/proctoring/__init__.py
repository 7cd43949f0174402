"""The proctor's desk: a sitting while it runs, and incidents."""
