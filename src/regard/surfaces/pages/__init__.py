"""The report: one closed HTML page.

`page.render` makes it of a `Report`. `plane`, `charts`, `names_in_room` and `scales` say where things stand, `words` how they read; the
templates beside them hold all markup, the style sheet all looks.
"""
