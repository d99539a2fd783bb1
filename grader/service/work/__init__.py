"""What a person does: hand in, try, keep a draft."""
