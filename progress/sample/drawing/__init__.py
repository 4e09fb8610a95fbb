"""How the sample school's two video clips were drawn: `python -m progress.sample.drawing` makes them anew.

Waymark runs on the finished files in `progress/sample/clips/`; only who changes a clip needs this, and Debian's ffmpeg
(`apt-get install ffmpeg`). A clip is a list of scenes, each a function that draws one moment, with what is said
meanwhile. The clips are silent: what is said stands in their captions.
"""
