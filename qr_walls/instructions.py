"""What stands beside a poster for the people who hang it, in the wall's language."""

from collections.abc import Mapping
from types import MappingProxyType

from qr_walls.scripts import isolated
from qr_walls.words import Language

_SENTENCES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "tile": {
            "en": "{wall} · panel {panel} · tile {tile} of {last}",
            "nl": "{wall} · paneel {panel} · deel {tile} van {last}",
            "ko": "{wall} · 패널 {panel} · 조각 {tile} / {last}",
        },
        "cut": {
            "en": "Cut along the marks at the left and the top. What is pale goes under the next "
            "tile: {neighbours}.",
            "nl": "Snijd links en boven langs de tekens. Wat bleek is komt onder het volgende "
            "deel: {neighbours}.",
            "ko": "왼쪽과 위쪽 표시를 따라 자르세요. 흐린 부분은 다음 조각 아래에 붙입니다: "
            "{neighbours}.",
        },
        "cut, last": {
            "en": "Cut along the marks at the left and the top.",
            "nl": "Snijd links en boven langs de tekens.",
            "ko": "왼쪽과 위쪽 표시를 따라 자르세요.",
        },
        "glue": {"en": "glue", "nl": "lijm", "ko": "풀칠"},
        "patch": {
            "en": "{wall} · what changed · sheet {sheet} of {sheets} · panel · shelf · place",
            "nl": "{wall} · wat veranderde · blad {sheet} van {sheets} · paneel · schap · plek",
            "ko": "{wall} · 변경된 라벨 · {sheet} / {sheets} · 패널 · 선반 · 위치",
        },
    }
)


def say(language: Language, sentence: str, **values: object) -> str:
    """One of the sentences above, filled in; names do not turn round what stands beside them."""
    shown = {name: isolated(str(value)) for name, value in values.items()}
    return _SENTENCES[sentence][language].format(**shown)
