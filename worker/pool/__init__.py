"""The pool: doorbells answered by Celery's processes, or without a broker."""
