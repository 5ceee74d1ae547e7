"""Reading in child processes that may hang, crash or be killed."""
