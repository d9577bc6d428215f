"""The labs' own widgets: a Python class and its code in the browser each."""
