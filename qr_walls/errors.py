"""What can be wrong with a wall, said so that the person who drew it can mend it."""


class WallError(ValueError):
    """One sentence a person can act on.

    ``sentence`` is an English message id with {placeholders} and ``values`` fills them, so that a
    shop may translate it; ``str()`` gives the finished English sentence.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


class BadGtin(WallError):
    """The text is not a GTIN."""


class BadToken(WallError):
    """The text is not the name of a printed label."""


class UnreadableLink(WallError):
    """The text is not one of our wall addresses."""


class BadDigitalLink(WallError):
    """The text is not the GS1 Digital Link of a product.

    ``position`` is that of the first wrong character, counted from 0.
    """

    def __init__(self, sentence: str, *, position: int, **values: object) -> None:
        super().__init__(sentence, **values)
        self.position = position


class DoesNotFit(WallError):
    """More was asked of a panel than it can hold.

    ``fits`` is how many products would have fitted.
    """

    def __init__(self, sentence: str, *, fits: int, **values: object) -> None:
        super().__init__(sentence, fits=fits, **values)
        self.fits = fits
