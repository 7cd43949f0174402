"""How objective questions earn marks: one function per type, and the named rules."""
