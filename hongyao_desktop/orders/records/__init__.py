"""States and moves of an order, and the registers of orders, steps and ratings."""
