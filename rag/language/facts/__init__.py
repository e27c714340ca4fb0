"""What a text states that can be compared without a model: numbers, days, names, quotations, negations,
hearsay."""
