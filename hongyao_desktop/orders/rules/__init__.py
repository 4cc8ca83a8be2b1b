"""Which step may follow which, how long each may take, who may take it, how an order is rated."""
