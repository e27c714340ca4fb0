"""What measures the product and what its weights were learned with; not part of the wheel."""
