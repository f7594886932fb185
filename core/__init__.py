"""The shared vocabulary: emotions, frames, faces, timelines, settings and errors. Imports nothing of ours."""
