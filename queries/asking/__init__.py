"""How every question is asked: the views, the viewer's rule of access, narrowing, the glossary.

Imports nothing but `data`. The questions themselves are in the modules next to this folder.
"""
