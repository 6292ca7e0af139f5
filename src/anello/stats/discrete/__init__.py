"""Mixed models of counts and categories, by Laplace's method and adaptive quadrature."""
