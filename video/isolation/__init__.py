"""Files of strangers opened in a child process that can be killed."""
