"""What every layer uses: database, events, jobs, text, time; it knows no feature and no request."""
