"""Where a design hangs: planned, printed, hung, open, down. Its verbs are those of `app.walls`."""
