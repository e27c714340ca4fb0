"""How the judge is trained: examples made from public data, the network, and what is shipped of it."""
