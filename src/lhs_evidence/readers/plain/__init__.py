"""Text, Markdown and tables as text, in whatever encoding."""
