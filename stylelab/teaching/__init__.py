"""For teachers: the exercises of the course, their solutions, and a class's marks."""
