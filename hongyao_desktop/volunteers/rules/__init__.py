"""Rules of volunteering: points, limits and clashes, stars, spot reports. Pure functions over values."""
