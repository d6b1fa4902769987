"""Runs one command and measures it with all processes it starts."""

import os
import resource
import subprocess
import threading
import time
from pathlib import Path

SAMPLE_SECONDS = 0.1
TREE_SECONDS = 0.5
# Reading how memory is shared takes the process's own locks: it may cost so much of the time, and no more.
SHARED_FRACTION = 0.02


class Failed(Exception):
    """A command that did not end well."""


def run(command, cwd, env=None, log=None, memory=False):
    """Runs a command to its end.

    Returns its output, the seconds from start to exit, the CPU seconds of it and its children, the times of start and
    end, and with `memory` the peaks of all its processes together, in bytes.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.time()
    clock = time.monotonic()
    with open(log, "a") if log else open(os.devnull, "w") as err:
        process = subprocess.Popen([str(c) for c in command], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=err, text=True)
        sampler = Sampler(process.pid) if memory else None
        output = process.stdout.read()
        code = process.wait()
    seconds = time.monotonic() - clock
    ended = time.time()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code != 0:
        raise Failed(f"{command[0]} ended with {code}" + (f"; see {log}" if log else ""))
    result = {
        "output": output,
        "seconds": seconds,
        "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "started": started,
        "ended": ended,
    }
    if sampler:
        result["memory"] = sampler.stop()
    return result


class Sampler(threading.Thread):
    """Watches the memory of a process and of all it starts.

    RSS counts pages that processes share once for each; PSS counts them once, and is what the machine must have.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self._root = pid
        self._over = threading.Event()
        self._rss = 0
        self._pss = 0
        self._processes = 0
        self.start()

    def stop(self):
        self._over.set()
        self.join()
        return {"peak_rss_bytes": self._rss, "peak_pss_bytes": self._pss, "processes": self._processes}

    def run(self):
        pids, listed, shared_at = [], 0.0, 0.0
        while not self._over.wait(SAMPLE_SECONDS):
            now = time.monotonic()
            if now - listed >= TREE_SECONDS:
                pids, listed = tree(self._root), now
                self._processes = max(self._processes, len(pids))
            self._rss = max(self._rss, sum(map(rss, pids)))
            if now >= shared_at:
                self._pss = max(self._pss, sum(map(pss, pids)))
                end = time.monotonic()
                shared_at = end + (end - now) / SHARED_FRACTION


def tree(root):
    """Returns the ids of a process and of all below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            children.setdefault(int(stat[stat.rindex(")") + 2 :].split()[1]), []).append(int(entry))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue.extend(children.get(pid, []))
    return found


def rss(pid):
    try:
        return int(Path("/proc", str(pid), "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def pss(pid):
    try:
        for line in Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
