"""Who trained whom."""
