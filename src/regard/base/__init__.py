"""What every folder above may use: words for people, progress, temporary folders, locations."""
