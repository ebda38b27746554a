"""One basket for wall, web, till and contact centre."""
