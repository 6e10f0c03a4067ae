// Labelled texts from folders, CSV and JSON Lines.
