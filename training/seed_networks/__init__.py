"""Networks of five public FER2013 systems, rebuilt from their descriptions: grey levels 0..255 in, logits out."""
