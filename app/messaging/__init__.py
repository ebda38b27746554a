"""Mail to people: written once, sent afterwards."""
