"""Trainings as a person asks for them: begun, gone on with, finished."""
