"""Reads what a run of Graft recorded, as `graft show --json` prints it, into parts that add up to its wall time."""

from datetime import datetime


def seconds(text):
    """Returns the seconds since 1970 of a time in the record."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def unfinished(show):
    """Returns the trials that did not finish: a benchmark in which some are missing is none."""
    return [trial["id"] for trial in show["trials"] if trial["state"] != "finished"]


def span(trials):
    """Returns the seconds during which at least one of some trials was under way."""
    covered, until = 0.0, float("-inf")
    for begin, end in sorted((seconds(t["started_at"]), seconds(t["ended_at"])) for t in trials):
        if end > until:
            covered += end - max(begin, until)
            until = end
    return covered


def by_group(trials):
    """Returns the trials by feature group, the groups in the order in which they began."""
    groups = {}
    for trial in sorted(trials, key=lambda t: t["started_at"]):
        groups.setdefault(trial["feature_group"], []).append(trial)
    return list(groups.values())


def epochs(show):
    """Returns the epochs of all trials together, by image size."""
    sums = {}
    for trial in show["trials"]:
        size = str(trial["parameters"]["image_size"])
        sums[size] = sums.get(size, 0) + trial["epochs"]
    return sums


def parts(show, started, ended, java_start, cores):
    """Splits the wall time of one `graft run` into parts that add up to it.

    `started` and `ended` are the process's own times, `java_start` what a command takes that does nothing. Whatever no
    clock of Graft's accounts for is a part of its own.
    """
    trials = show["trials"]
    created, closed = seconds(show["created_at"]), seconds(show["ended_at"])
    training = span(trials)
    passes = closed - created - training
    prefix = sum(g["prefix_seconds"] or 0 for g in show["feature_groups"])
    decode = sum(g["decode_seconds"] or 0 for g in show["feature_groups"])
    head = sum(t["timings"].get("head") or 0 for t in trials)
    validation = sum(t["timings"].get("validation") or 0 for t in trials)
    # Trials that train together may each have the seconds of all.
    together = head + validation > training * 1.02
    if together:
        whole = head + validation
        head, validation = training * head / whole, training * validation / whole
    # A pass may run beside training: what is hidden behind that takes no wall time of its own.
    alone = min(prefix, passes)
    # Each thread decodes its images and takes them through the base.
    decoding = min(decode / cores, passes - alone)
    start = created - started
    return {
        "parts": {
            "start of Java": min(java_start, start),
            "reading and checking the images, planning": start - min(java_start, start),
            "decoding and resizing": decoding,
            "prefix": alone,
            "start of the worker, loading the model, storing features": passes - alone - decoding,
            "head steps": head,
            "validation": validation,
            "storing epochs and weights, between trials": max(0.0, training - head - validation),
            "end of the processes": ended - closed,
        },
        "decode_thread_seconds": decode,
        "prefix_seconds": prefix,
        "prefix_beside_training_seconds": prefix - alone,
        "training_span_seconds": training,
        "seconds_of_trials_overlap": together,
    }


def head_flops(show, train_images, validation_images, features, classes):
    """Returns the floating-point operations of the matrix products of all epochs that ran, forward and gradient apart.

    A multiplication and an addition are two. Forward: both layers, training and validation images. Gradient: the weights
    of both layers, and the hidden layer's values; the features need none.
    """
    forward = gradient = 0
    for trial in show["trials"]:
        units = trial["parameters"].get("dense_units", 128)
        weights = features * units + units * classes
        forward += trial["epochs"] * 2 * weights * (train_images + validation_images)
        gradient += trial["epochs"] * 2 * (weights + units * classes) * train_images
    return {"forward": forward, "gradient": gradient}
