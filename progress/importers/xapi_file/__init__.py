"""A file of xAPI statements, read into columns: source → reading → beside. Needs nothing of the record.

So a process that does nothing else starts in a third of the time. `progress.importers.xapi` stores what is read.
"""
