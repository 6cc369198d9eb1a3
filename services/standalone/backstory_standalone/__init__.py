"""All of Backstory in one program, and the command line."""
