"""Posters, pictures, proofs and labels, kept by the SHA-256 of their content."""

from app.files.queries import File, fetch, forget, keep, keep_many

__all__ = ["File", "fetch", "forget", "keep", "keep_many"]
