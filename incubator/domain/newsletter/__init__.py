"""«La semaine»: the letter of a site about its week, drafted by the machine, edited by people."""
