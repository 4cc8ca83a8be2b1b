"""Named questions of the volunteers room: look-ups for services, a volunteer's life, boards and figures."""
