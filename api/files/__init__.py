"""Files in and out: uploads, originals, exports."""
