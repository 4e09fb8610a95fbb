"""How the sample school's two video clips were drawn: `python -m progress.sample.drawing` draws them again.

Waymark serves the finished files in `progress/sample/clips/`; changing a clip needs this and Debian's ffmpeg. A clip is
a list of scenes, each a function that draws one moment, and its captions. The clips are silent. Imports `sample`.
"""
