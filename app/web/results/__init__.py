"""Results for HR."""
