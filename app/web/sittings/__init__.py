"""Putting exams on offer: sittings, rosters, proctors, tickets, admission slips."""
