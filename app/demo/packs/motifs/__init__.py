"""Everything that is painted on packs or lies loose in the shop."""

from app.demo.packs.motifs import animals, fruit, household, meals, pantry, treats, vegetables

__all__ = ["animals", "fruit", "household", "meals", "pantry", "treats", "vegetables"]
