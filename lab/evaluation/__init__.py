"""The scoreboard: how well claims are judged, on public data that lies in a folder of the user's."""
