"""Text recognition: pages and pictures become text, marked as such."""
