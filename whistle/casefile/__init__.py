"""The case file as one thing: made at intake, opened by its readers, appended to, and summed up."""
