"""How well Backstory finds and summarizes, measured on questions with known answers."""
