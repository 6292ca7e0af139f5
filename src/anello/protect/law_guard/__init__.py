"""What the law keeps out of a staff survey is stopped before it is published."""
