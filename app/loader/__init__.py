"""content/ and questions/ → validated, frozen objects, with every problem reported at once."""
