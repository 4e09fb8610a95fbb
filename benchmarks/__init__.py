"""Commands that each measure one of the published figures on this machine and print JSON."""
