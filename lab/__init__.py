"""What measures the pipeline and trains its network. `sets/` has a module a data set, which reads it,
measures it and gives its examples for learning where its licence allows that; beside it stands what the
sets share. The wheel has nothing of it."""
