"""Follow-up questions made to stand alone, with the people, places and time of the exchange before."""
