"""Classical test theory: how questions and papers did, from the marks of real attempts."""
