"""Old lists of orders on their way in."""
