"""Pieces of the data check page: stored rows, doubtful events, backups."""
