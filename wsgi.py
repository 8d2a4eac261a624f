"""What a WSGI server loads."""

from incubator.app import from_environment

app = from_environment()
