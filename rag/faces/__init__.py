"""Where people and programs meet the pipelines: command line, page, MCP."""
