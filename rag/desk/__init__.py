"""What one person keeps: conversations, briefings, corrections, files gathered; and what is exported."""
