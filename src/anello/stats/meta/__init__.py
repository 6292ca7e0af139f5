"""Many studies of one effect, put together; and what a new organisation may borrow from them."""
