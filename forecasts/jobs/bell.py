"""The bell between a commit and the loop that runs in the same process."""

import threading

bell = threading.Event()
