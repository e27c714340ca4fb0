"""Networks and language models: texts to vectors, pairs to probabilities, prompts to replies."""
