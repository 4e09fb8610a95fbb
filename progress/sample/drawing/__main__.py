"""Draws the clips and writes them, with their captions, into `progress/sample/clips/`."""

import subprocess

from progress.sample.drawing.fractions import EQUIVALENT_FRACTIONS
from progress.sample.drawing.sound import SOUND_AS_A_WAVE
from progress.sample.drawing.stage import FRAMES_PER_SECOND, PICTURE, Clip, captions_of, frames_of
from progress.sample.school import CLIPS

# H.264 in MP4 with its index in front plays in every browser while it still loads. A full picture every ten seconds
# keeps seeking quick.
_ENCODE = f"""ffmpeg -hide_banner -loglevel error -y
    -f rawvideo -pixel_format rgb24 -video_size {PICTURE[0]}x{PICTURE[1]} -framerate {FRAMES_PER_SECOND} -i -
    -an -c:v libx264 -profile:v main -preset veryslow -refs 16 -bf 0 -crf 36 -pix_fmt yuv420p
    -g {10 * FRAMES_PER_SECOND} -movflags +faststart -fflags +bitexact -flags:v +bitexact -map_metadata -1"""


def make(clip: Clip) -> None:
    """Write `<name>.mp4` and `<name>.vtt`."""
    with subprocess.Popen([*_ENCODE.split(), str(CLIPS / f"{clip.name}.mp4")], stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for frame in frames_of(clip):
            encoder.stdin.write(frame)
    if encoder.returncode:
        raise SystemExit(encoder.returncode)
    (CLIPS / f"{clip.name}.vtt").write_text(captions_of(clip), encoding="utf-8")


for _clip in (SOUND_AS_A_WAVE, EQUIVALENT_FRACTIONS):
    make(_clip)
