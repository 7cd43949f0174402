"""Every read: rows or small frozen dataclasses, never lazy relations."""
