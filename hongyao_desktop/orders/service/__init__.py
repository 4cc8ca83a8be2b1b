"""The verbs of service orders: taking, deciding, dispatching, finishing, rating."""
