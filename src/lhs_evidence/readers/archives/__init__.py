"""Archives and mails opened into the documents they hold, within limits."""
