"""What a question is: one schema class per type, registered in `types`."""
