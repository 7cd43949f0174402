"""Questions in the formats of other programs: one module per format, all with one contract.

Each module has `read(data: bytes) -> Reading`, `write(questions, media) -> Written`, or both.
None of them knows the database, an account or the clock.
"""
