"""Who is who: faces of chunks joined to person tracks."""
