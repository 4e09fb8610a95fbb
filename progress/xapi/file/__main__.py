"""The second process: `reader_process` starts it with a file and how many blocks of it to leave out."""

import signal
import sys
from pathlib import Path

from progress.xapi.file.reader_process import write_blocks

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started it ends it
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    write_blocks(Path(sys.argv[1]), int(sys.argv[2]), sys.stdout.buffer)
