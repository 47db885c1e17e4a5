"""The report: one closed HTML page.

`page.render` makes it of a `Report`. The templates hold all markup, one in `sections/` for each section; `style.css` holds all looks.
`regard.charts` says where things stand in drawings, `filters` how values read.
"""
