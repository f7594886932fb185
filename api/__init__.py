"""What programs ask of Moodline: typed answers for notebooks."""
