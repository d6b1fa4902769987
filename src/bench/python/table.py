"""Makes the table of docs/benchmarks.md from what was measured."""

from statistics import median

TARGETS = {
    "sweep / floor": ("at most", 1.5),
    "naive PyTorch / sweep": ("at least", 60),
    "cached PyTorch / sweep": ("at least", 3),
    "24 heads / one head": ("at most", 4),
    "twice the trials / sweep": ("at most", 1.1),
}


def floor(sweep, measured, cores):
    """Returns the parts of the floor of one run in seconds, with the products at two rates.

    All parts need all cores, so they add up: none can hide behind another.
    """
    decoder = min(measured["decode"], key=lambda name: measured["decode"][name]["cpu_seconds"])
    best = measured["decode"][decoder]
    rates = measured["gigaflops"]
    flops = sweep["head_flops"]
    return {
        "decoder": decoder,
        "decode": best["cpu_seconds"] / cores * sweep["images"] / best["images"],
        "prefix": {str(m["size"]): sweep["images"] / m["images_per_second"] for m in measured["models"]},
        "products": (flops["forward"] + flops["gradient"]) / rates["square"] / 1e9,
        "products_as_shaped": flops["forward"] / rates["all_heads_forward"] / 1e9
        + flops["gradient"] / rates["all_heads_gradient"] / 1e9,
    }


def total(floor_parts, products="products"):
    return floor_parts["decode"] + sum(floor_parts["prefix"].values()) + floor_parts[products]


def numbers_of(runs, cores):
    """Returns the numbers behind the table, one list of measurements for each."""
    values = {}

    def add(name, value):
        values.setdefault(name, []).append(value)

    for run in runs:
        sweep = run.get("sweep")
        if not sweep:
            continue
        add("sweep", sweep["seconds"])
        add("cpu", sweep["cpu_seconds"])
        add("rss", sweep["memory"]["peak_rss_bytes"])
        add("pss", sweep["memory"]["peak_pss_bytes"])
        if "floor" in run:
            parts = floor(sweep, run["floor"], cores)
            add("floor", total(parts))
            add("floor as shaped", total(parts, "products_as_shaped"))
            add("floor decode", parts["decode"])
            for size, seconds in parts["prefix"].items():
                add(f"floor prefix {size}", seconds)
            add("floor products", parts["products"])
            add("floor products as shaped", parts["products_as_shaped"])
        if "naive" in run:
            sizes = run["naive"]["sizes"]
            epochs = sweep["epochs"]
            add("naive", sum(epochs[s] * sizes[s]["seconds_per_epoch"] for s in epochs))
            for size in sizes:
                add(f"naive epoch {size}", sizes[size]["seconds_per_epoch"])
        if "cached" in run:
            add("cached", run["cached"]["seconds"] - run["cached"]["choosing_threads_seconds"])
            add("cached features", sum(s["feature_seconds"] for s in run["cached"]["sizes"].values()))
            add("cached heads", sum(s["head_seconds"] for s in run["cached"]["sizes"].values()))
        if "heads" in run:
            add("one head", run["heads"]["one"]["seconds"])
            add("all heads", run["heads"]["all"]["seconds"])
            add("head alone", run["heads"]["alone"]["seconds"])
        if "doubled" in run:
            add("doubled", run["doubled"]["seconds"])
    return values


def ratios_of(medians):
    pairs = {
        "sweep / floor": ("sweep", "floor"),
        "naive PyTorch / sweep": ("naive", "sweep"),
        "cached PyTorch / sweep": ("cached", "sweep"),
        "24 heads / one head": ("all heads", "one head"),
        "twice the trials / sweep": ("doubled", "sweep"),
        "sweep / floor with the products as shaped": ("sweep", "floor as shaped"),
        "24 heads / one in stand-alone Deeplearning4j": ("all heads", "head alone"),
    }
    return {
        name: medians[over] / medians[under] for name, (over, under) in pairs.items() if over in medians and under in medians
    }


def of(runs, machine):
    """Returns the table as Markdown, and all numbers."""
    values = numbers_of(runs, machine["cores"])
    medians = {name: median(list_) for name, list_ in values.items()}
    ratios = ratios_of(medians)
    steps = [step for run in runs for step in run.values()]
    dates = sorted({step["date"] for step in steps})
    lines = [
        f"Measured {dates[0] if len(dates) == 1 else dates[0] + ' to ' + dates[-1]} on {machine['cores']} cores of an "
        f"{machine['cpu']}, medians of {len(values.get('sweep', []))}; the load average before a step was at most "
        f"{max(step['load_before'] for step in steps):.1f}.",
        "",
    ]
    if any(step["small"] for step in steps):
        lines += ["**Made with `--small`: it shows that the benchmark runs, and measures nothing.**", ""]
    if ratios:
        lines += ["| ratio | target | measured | |", "|---|---:|---:|---|"]
    for name, ratio in ratios.items():
        if name in TARGETS:
            word, bound = TARGETS[name]
            met = ratio <= bound if word == "at most" else ratio >= bound
            off = ratio / bound if word == "at most" else bound / ratio
            lines.append(f"| {name} | {word} {bound:g} × | {ratio:.2f} × | {'met' if met else f'missed by a factor of {off:.2f}'} |")
        else:
            lines.append(f"| {name} | | {ratio:.2f} × | |")
    if ratios:
        lines.append("")
    lines += ["| seconds | median | of all runs |", "|---|---:|---:|"]
    for name, label in LABELS.items():
        if name in values:
            lines.append(f"| {label} | {medians[name]:.1f} | {', '.join(f'{v:.1f}' for v in values[name])} |")
    for size in sorted(n[13:] for n in values if n.startswith("floor prefix ")):
        lines.append(row(f"floor: ONNX Runtime at {size} px", values[f"floor prefix {size}"]))
    for size in sorted(n[12:] for n in values if n.startswith("naive epoch ")):
        lines.append(row(f"naive PyTorch: one epoch at {size} px, measured", values[f"naive epoch {size}"]))
    sweeps = sorted((run["sweep"] for run in runs if "sweep" in run), key=lambda s: s["seconds"])
    if sweeps:
        lines += ["", *parts(sweeps[(len(sweeps) - 1) // 2], machine["cores"])]
        gib = 1 << 30
        lines += ["", f"Memory of all processes at their peak: {medians['pss'] / gib:.2f} GiB (PSS), {medians['rss'] / gib:.2f} GiB (RSS)."]
    return "\n".join(lines) + "\n", {"machine": machine, "medians": medians, "ratios": ratios, "runs": runs}


LABELS = {
    "sweep": "**the whole sweep**",
    "cpu": "the whole sweep: CPU seconds of all processes",
    "doubled": "the whole sweep with twice the trials",
    "floor": "**floor**, products at the rate of large ones",
    "floor as shaped": "floor, products as a step has them",
    "floor decode": "floor: decode and resize",
    "floor products": "floor: products at the rate of large ones",
    "floor products as shaped": "floor: products as a step has them",
    "naive": "**naive PyTorch**, one epoch multiplied by the sweep's epochs",
    "cached": "**hand-cached PyTorch**",
    "cached features": "hand-cached PyTorch: features",
    "cached heads": "hand-cached PyTorch: heads",
    "one head": "one head on stored features, 10 epochs",
    "all heads": "24 heads on stored features, 10 epochs each",
    "head alone": "one head in stand-alone Deeplearning4j, 10 epochs",
}


def row(label, values):
    return f"| {label} | {median(values):.1f} | {', '.join(f'{v:.1f}' for v in values)} |"


def parts(sweep, cores):
    """Returns the parts of one sweep, the one of median length: parts of several would not add up."""
    lines = [f"| part of the sweep of median length, {sweep['trials']} trials, {sum(sweep['epochs'].values())} epochs | seconds | share |", "|---|---:|---:|"]
    for name, seconds in sweep["parts"].items():
        lines.append(f"| {name} | {seconds:.1f} | {seconds / sweep['seconds']:.0%} |")
    lines.append(f"| **together** | {sum(sweep['parts'].values()):.1f} | |")
    lines.append(f"| *beside these: threads decoding* | {sweep['decode_thread_seconds']:.1f} | |")
    lines.append(f"| *beside these: prefix while heads trained* | {sweep['prefix_beside_training_seconds']:.1f} | |")
    lines.append(f"| *cores idle or at work for others, core-seconds of {sweep['seconds'] * cores:.0f}* | {sweep['idle_core_seconds']:.1f} | |")
    return lines
