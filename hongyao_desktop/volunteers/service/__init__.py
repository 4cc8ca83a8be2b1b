"""The verbs of the volunteers room. All writes of points, hours and reports go through here."""
