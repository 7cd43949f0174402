"""What people decide afterwards: held saves, answer files, integrity signals."""
