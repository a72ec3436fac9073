"""Where stage functions run: this machine's processes by default."""
