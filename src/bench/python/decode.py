"""Decodes every image of a folder once with Pillow, on all cores, resizes it to each size, and does nothing else.

JPEG files are decoded at a reduced scale where that is still as large as wanted. Prints the seconds by the clock and the
CPU seconds of the cheapest of three rounds after one that does not count.
"""

import json
import sys
import time
from multiprocessing import Pool
from pathlib import Path

import numpy
from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".bmp"}


def decode(work):
    path, sizes = work
    start = time.process_time()
    with Image.open(path) as image:
        image.draft("RGB", (max(sizes), max(sizes)))
        image = image.convert("RGB")
        for size in sizes:
            numpy.asarray(image.resize((size, size), Image.BILINEAR), dtype=numpy.float32)
    return time.process_time() - start


def main():
    folder, sizes, processes = sys.argv[1], [int(s) for s in sys.argv[2].split(",")], int(sys.argv[3])
    work = [(str(p), sizes) for p in sorted(Path(folder).rglob("*")) if p.suffix.lower() in SUFFIXES]
    rounds = []
    with Pool(processes) as pool:
        for _ in range(4):
            start = time.monotonic()
            cpu = sum(pool.map(decode, work, chunksize=16))
            rounds.append((cpu, time.monotonic() - start))
    cpu, seconds = min(rounds[1:])
    print(json.dumps({"images": len(work), "seconds": seconds, "cpu_seconds": cpu}))


if __name__ == "__main__":
    main()
