"""Pure rules: values in, values out. No Flask, no SQLAlchemy, no clock, no files."""
