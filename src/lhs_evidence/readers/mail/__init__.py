"""E-mail: what a message says; its attachments are documents of their own."""
