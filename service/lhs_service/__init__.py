"""The web service: uploads, jobs with progress, and gap reports as pages and JSON."""
