"""The report: one closed HTML page. `page.render` makes it; `charts`, `names_in_room`, `scales` and `words` say where things stand and how they read."""
