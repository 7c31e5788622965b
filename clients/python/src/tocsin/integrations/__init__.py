"""What other libraries have to say to Tocsin, a module a library; none of them is imported by the rest."""
