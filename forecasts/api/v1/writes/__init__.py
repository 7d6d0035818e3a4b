"""What programs with a key may do: each write calls one action. Reading views never import this."""
