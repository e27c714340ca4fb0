// How an answer and the article beside it tell each other which place was chosen, and how long a
// choice made here stands before what the server says counts again.
const CHOSEN = "sourceline-chosen";
const PATIENCE_MS = 4000;

