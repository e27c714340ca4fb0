"""The corpus served to an assistant that speaks MCP."""
