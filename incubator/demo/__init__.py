"""The demo network "Passerelles": texts written for this project, and what loads them."""
