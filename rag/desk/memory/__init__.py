"""What people did at their desk, kept on disk: conversations, feedback, briefings, corrections."""
