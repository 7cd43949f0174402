"""What has to be right before an exam: facts in, go or no-go out."""
