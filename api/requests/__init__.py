"""What may be asked, as a request asks it."""
