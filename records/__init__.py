"""What is stored and exchanged: the course document, the tables, their queries and the queue."""
