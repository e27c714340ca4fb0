"""A language model's reply, read as it streams: sentences, and the keys of the passages behind each."""
