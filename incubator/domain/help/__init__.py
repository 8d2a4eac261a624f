"""Help threads: questions, answers, what was accepted, and where it all left a trace."""
