"""All HTTP beside the Hub: the course service, its API and its pages."""
