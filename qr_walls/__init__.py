"""From a planogram to a print-ready poster, and the proof that every code on it reads.

The stages know nothing of each other: a wall becomes boxes in millimetres (``layout``), its
codes become outlines (``symbols``), both become a display list (``display``), which becomes a
PDF (``pdf``), a picture of it (``png``) and a proof (``proof``). ``posters.make`` runs them all.
``table.read`` takes a spreadsheet, ``model`` has the words, README.md a first wall in ten lines.
Nothing here knows of a shop, a network or a database.
"""
