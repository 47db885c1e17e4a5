"""Charts as plain numbers: where everything stands in a drawing, for the report, the app and the validation pages. No markup.

All positions are percentages of the chart's width (from the left) and height (from the top), so that one drawing fits a phone and a wide
screen, with dots and letters of one size. The templates draw them.
"""
