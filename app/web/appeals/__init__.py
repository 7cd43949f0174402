"""Appeals and complaints, for candidates and for those who handle them."""
