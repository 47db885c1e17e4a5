"""Charts as numbers on a scale from 0 to 100, for a template that draws them as SVG."""
