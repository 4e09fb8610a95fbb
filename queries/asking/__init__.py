"""How every question is asked: the views, the viewer's rule of access, narrowing, the glossary.

The questions themselves are in the modules next to this folder, none of which it imports.
"""
