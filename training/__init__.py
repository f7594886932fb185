"""FER2013 with FER+ votes in, checkpoints and figures out."""
