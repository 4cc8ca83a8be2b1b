"""What the volunteers room keeps: register descriptions for clerks, typed rows for rules."""
