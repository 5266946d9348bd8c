"""What is asked for, what the clinic's data says, and the slots that are free."""
