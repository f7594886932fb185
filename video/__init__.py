"""Moving pictures in: probe a file, decode a span exactly, carry it as a fragment, read a camera. Only here: PyAV."""
