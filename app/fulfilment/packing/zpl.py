"""The label of a tote for label printers that speak ZPL II: a few hundred bytes, drawn by the printer.

A6 at 203 dots an inch (8 dots a millimetre), the same label as the PDF. Printers' own fonts know
Latin letters only, so words in other scripts have to come in English.
"""

from collections.abc import Sequence

from app.fulfilment.packing import rules
from app.fulfilment.packing.papers import Label

WIDE, HIGH, EDGE = 840, 1184, 56


def print_labels_zpl(labels: Sequence[Label]) -> str:
    """One label after the other, UTF-8."""
    return "\n".join(_label(label) for label in labels) + "\n"


def _label(label: Label) -> str:
    cold = label.storage != "ambient"
    parts = ["^XA", "^CI28", f"^PW{WIDE}", f"^LL{HIGH}", "^LH0,0"]
    if cold:  # white on black: chilled and frozen must never wait unseen among the others
        parts.append(f"^FO0,0^GB{WIDE},160,160^FS")
    parts.append(_text(EDGE, 48, 76, label.storage_word.upper(), reverse=cold))
    parts.append(_text(650, 40, 90, f"#{label.number}", reverse=cold))
    parts.append(_text(EDGE, 200, 100, label.order_number))
    parts.append(_text(EDGE, 320, 42, label.window))
    parts.append(_text(EDGE, 380, 34, label.place))
    parts.append(f"^FO464,440^BQN,2,8^FDMA,{label.link}^FS")
    if label.age_word:
        parts.append(f"^FO{EDGE},500^GB320,110,110^FS")
        parts.append(_text(EDGE + 60, 525, 70, label.age_word, reverse=True))
    # GS1-128: start in set C, FNC1, then AI 00 with the number.
    parts.append(f"^FO{EDGE + 40},830^BY4^BCN,220,N,N,N^FD>;>800{label.sscc}^FS")
    parts.append(_text(EDGE, 1080, 50, rules.in_words(label.sscc)))
    return "\n".join([*parts, "^XZ"])


def _text(x: int, y: int, high: int, words: str, *, reverse: bool = False) -> str:
    mark = "^FR" if reverse else ""
    return f"^FO{x},{y}^A0N,{high},{high}{mark}^FH_^FD{_safe(words)}^FS"


def _safe(words: str) -> str:
    """Letters that would be commands are written as numbers."""
    plain = "".join(letter for letter in words if letter.isprintable())
    return plain.replace("_", "_5F").replace("^", "_5E").replace("~", "_7E")
