"""A curated, parametrised library of Python topics: content without a language model."""
