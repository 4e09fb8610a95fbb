"""One learner as students, parents and teachers see them."""
