"""The one way in: events are screened, stored once, folded and rolled up, in one transaction.

Imports `courses`, `people`, `completion` and `audit`. Reading files and other systems' words is the importers' job.
"""
