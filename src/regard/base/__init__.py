"""What every other folder may use: numbers and dates as text, progress, temporary folders, locations."""
