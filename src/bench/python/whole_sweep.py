"""Measures the whole sweep of docs/benchmarks.md against its floor, PyTorch and itself, and writes a table."""

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import process
import record
import table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GRAFT = ROOT / "target/dist/graft/bin/graft"
CORES = len(os.sched_getaffinity(0))
THREADS = ["--threads", str(CORES), "--workers", str(CORES)]
SIZES = [150, 224]
FEATURES, UNITS, BATCH, CLASSES = 1280, 128, 32, 10
HEAD_EPOCHS = 10
DOUBLED_DROPOUTS = "{values: [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5]}"
SMALL_IMAGES = 400
JAVA = ["-XX:+UseParallelGC", "-Dorg.eclipse.deeplearning4j.helpers.disable=false", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"]


def main():
    parser = argparse.ArgumentParser(
        prog="src/bench/whole-sweep", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="steps, in the order in which they run:\n"
        + "\n".join(f"  {name:8} {step.__doc__}" for name, step in STEPS.items())
        + "\n  check    says what is missing on this machine\n  table    writes the table of what was measured\n"
        + "Without steps all run. Those after sweep read what the sweep of the same run left in --work.",
    )
    parser.add_argument("steps", nargs="*", metavar="STEP")
    parser.add_argument("--data", default=os.environ.get("GRAFT_BENCH_DATA"), help="clothing-dataset-small (or GRAFT_BENCH_DATA)")
    parser.add_argument("--weights", default=os.environ.get("GRAFT_BENCH_WEIGHTS"), help="folder with MobileNetV2's official file (or GRAFT_BENCH_WEIGHTS)")
    parser.add_argument("--runs", type=int, default=3, help="how often each step runs (default: %(default)s)")
    parser.add_argument("--run", type=int, help="do the steps for this run alone, counted from 1")
    parser.add_argument("--work", type=Path, default=ROOT / "target/bench", help="where everything is written (default: target/bench)")
    parser.add_argument("--out", type=Path, help="file for the table as Markdown; the numbers go beside it as .json")
    parser.add_argument("--small", action="store_true", help=f"{SMALL_IMAGES} images, 4 trials, 3 epochs: tries the benchmark, measures nothing")
    arguments = parser.parse_args()
    steps = arguments.steps or [*STEPS, "table"]
    unknown = [step for step in steps if step not in [*STEPS, "check", "table"]]
    if unknown:
        parser.error(f"no such step: {', '.join(unknown)}; there are {', '.join([*STEPS, 'check', 'table'])}")
    if arguments.runs < 1:
        parser.error(f"--runs must be at least 1, but was {arguments.runs}")
    bench = Bench(arguments)
    if steps != ["table"]:
        problems = bench.missing()
        if problems:
            sys.exit("whole-sweep: this machine lacks what the benchmark needs:\n  " + "\n  ".join(problems))
    try:
        if any(step in STEPS for step in steps):
            bench.prepare()
        for number in [arguments.run] if arguments.run else range(1, arguments.runs + 1):
            for name, step in STEPS.items():
                if name in steps:
                    bench.measure(number, name, step)
        if "table" in steps:
            text, numbers = table.of(bench.results(), bench.machine())
            print(text)
            if arguments.out:
                arguments.out.write_text(text)
                arguments.out.with_suffix(".json").write_text(json.dumps(numbers, indent=2) + "\n")
    except process.Failed as failure:
        sys.exit(f"whole-sweep: {failure}")


class Bench:
    def __init__(self, arguments):
        self.data = Path(arguments.data).resolve() if arguments.data else None
        self.weights = Path(arguments.weights).resolve() if arguments.weights else None
        self.work = arguments.work.resolve() / ("small" if arguments.small else "whole")
        self.small = arguments.small
        self.log = self.work / "log.txt"

    def missing(self):
        """Returns what the benchmark needs and does not find, all at once."""
        problems = []
        if not self.data or not all((self.data / split).is_dir() for split in ("train", "validation")):
            problems.append(f"--data must name a folder with train/ and validation/, but was {self.data}")
        if not self.weights or not list(self.weights.glob("mobilenet_v2_weights*_1.0_224_no_top.h5")):
            problems.append(f"--weights must name a folder with mobilenet_v2_weights_..._1.0_224_no_top.h5, but was {self.weights}")
        for module in ("torch", "torchvision", "numpy", "PIL"):
            if importlib.util.find_spec(module) is None:
                problems.append(f"{sys.executable} has no {module}; on Debian: apt-get install python3-torch python3-torchvision; or set PYTHON")
        if not shutil.which(java()):
            problems.append(f"there is no {java()}; a JDK of 17 or newer is needed")
        if not Path("/proc/self/smaps_rollup").exists():
            problems.append("memory is read from /proc, as Linux has it")
        return problems

    def prepare(self):
        """Builds Graft and the measuring programs, and makes the sweep files."""
        self.work.mkdir(parents=True, exist_ok=True)
        process.run([ROOT / "graft", "--version"], ROOT, log=self.log)
        classes = ROOT / "target/test-classes/dev/graft/bench"
        sources = ROOT / "src/test/java/dev/graft/bench"
        built = min((f.stat().st_mtime for f in classes.glob("*.class")), default=0)
        if built < max(f.stat().st_mtime for f in sources.glob("*.java")):
            process.run([ROOT / "mvnw", "-B", "-q", "-Pfast", "test-compile"], ROOT, log=self.log)
        # Everybody finds the images in memory.
        for image in self.data.rglob("*"):
            if image.is_file():
                image.read_bytes()
        link = self.work / "images"
        if link.is_symlink():
            link.unlink()
        link.symlink_to(self.data)
        text = (ROOT / "src/bench/whole-sweep.yaml").read_text()
        if self.small:
            text = with_values(text, data=f"{{path: images, max_images: {SMALL_IMAGES}}}", epochs="3")
            text = with_values(text, learning_rate="{values: [0.001, 0.002]}", dropout="{values: [0.2, 0.5]}")
        doubled = "{values: [0.2, 0.3, 0.4, 0.5]}" if self.small else DOUBLED_DROPOUTS
        fixed = with_values(text, epochs=str(3 if self.small else HEAD_EPOCHS), early_stopping="false")
        self.write("sweep", text)
        self.write("doubled", with_values(text, dropout=doubled))
        self.write("heads-all", fixed)
        self.write("heads-one", with_values(fixed, learning_rate="{value: 0.001}", dropout="{value: 0.3}"))

    def write(self, name, text):
        (self.work / f"{name}.yaml").write_text(text)

    def folder(self, number):
        return self.work / f"run-{number}"

    def measure(self, number, name, step):
        self.folder(number).mkdir(parents=True, exist_ok=True)
        print(f"{time.strftime('%H:%M:%S')} run {number}: {name}", file=sys.stderr)
        load = os.getloadavg()[0]
        measured = step(self, number)
        measured.update({"load_before": load, "date": time.strftime("%Y-%m-%d"), "small": self.small})
        (self.folder(number) / f"{name}.json").write_text(json.dumps(measured, indent=2) + "\n")

    def result(self, number, name):
        file = self.folder(number) / f"{name}.json"
        if not file.exists():
            raise process.Failed(f"run {number} has no {name} yet; do that step first: {file} is missing")
        return json.loads(file.read_text())

    def results(self):
        """Returns everything measured: for each run the steps it has."""
        runs = []
        for folder in sorted(self.work.glob("run-*"), key=lambda f: int(f.name[4:])):
            runs.append({name: self.result(int(folder.name[4:]), name) for name in STEPS if (folder / f"{name}.json").exists()})
        if not any(runs):
            raise process.Failed(f"nothing has been measured in {self.work}")
        return runs

    def machine(self):
        models = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        return {"cpu": models[0] if models else "an unnamed CPU", "cores": CORES}

    def graft(self, file, home, results, memory=False):
        """Runs a sweep as a user would, and reads its record."""
        env = {**os.environ, "GRAFT_HOME": str(home)}
        command = [GRAFT, "run", f"{file}.yaml", "--weights", self.weights, "--results", results, "--offline"]
        measured = process.run(command, self.work, env, self.log, memory)
        del measured["output"]
        show = json.loads(process.run([GRAFT, "show", "--json", "--results", results], self.work, env, self.log)["output"])
        failed = record.unfinished(show)
        if failed:
            raise process.Failed(f"trials of {file} did not finish: {', '.join(failed)}")
        return measured, show

    def empty(self, number, name):
        folder = self.folder(number) / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def java(self, program, *parameters, **environment):
        command = [java(), *JAVA, "-cp", f"{ROOT}/target/test-classes:{ROOT}/target/dist/graft/lib/*", f"dev.graft.bench.{program}"]
        env = {**os.environ, "OMP_NUM_THREADS": str(CORES), **kernels(), **environment}
        return process.run([*command, *parameters], self.work, env, self.log)["output"]

    def python(self, script, *parameters):
        measured = process.run([sys.executable, HERE / script, *parameters], self.work, log=self.log)
        return {**json.loads(measured["output"].splitlines()[-1]), "seconds": measured["seconds"], "cpu_seconds": measured["cpu_seconds"]}


def kernels():
    """What workers set for OpenBLAS; see dev.graft.run.WorkerCores."""
    wanted = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}
    try:
        with open("/proc/cpuinfo") as info:
            flags = next((set(line.split()) for line in info if line.startswith("flags")), set())
    except OSError:
        flags = set()
    return {"OPENBLAS_CORETYPE": "SkylakeX"} if wanted <= flags and "OPENBLAS_CORETYPE" not in os.environ else {}


def java():
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/java" if home else "java"


def with_values(text, **values):
    """Returns a sweep file with other values for some keys, each of which it must have once."""
    for key, value in values.items():
        text, found = re.subn(rf"(?m)^(\s*{key}:\s+).*$", lambda match: match[1] + value, text)
        if found != 1:
            raise process.Failed(f"whole-sweep.yaml must have one line {key}:, but has {found}")
    return text


def sweep(bench, number):
    """The whole sweep, everything empty at first; its parts; its memory."""
    starts = [process.run([GRAFT, "--version"], bench.work)["seconds"] for _ in range(3)]
    folder = bench.empty(number, "sweep")
    measured, show = bench.graft("sweep", folder / "home", folder / "results", memory=True)
    measured.update(record.parts(show, measured["started"], measured["ended"], median(starts), CORES))
    measured["idle_core_seconds"] = measured["seconds"] * CORES - measured["cpu_seconds"]
    measured["trials"] = len(show["trials"])
    measured["epochs"] = record.epochs(show)
    measured["images"] = show["feature_groups"][0]["images"]
    measured["train_images"], measured["validation_images"] = split(bench.data, measured["images"])
    measured["head_flops"] = record.head_flops(
        show, measured["train_images"], measured["validation_images"], FEATURES, CLASSES
    )
    best = [t for t in show["trials"] if t["id"] == show["best_trial"]][0]
    measured["best"] = best["best"]["metrics"].get(show["metric"])
    return measured


def split(data, images):
    """Returns how many of so many images are for training and for validation, by the folders' shares."""
    counts = [sum(1 for f in (data / s).rglob("*") if f.is_file() and not f.name.startswith(".")) for s in ("train", "validation")]
    train = round(images * counts[0] / sum(counts))
    return train, images - train


def doubled(bench, number):
    """The whole sweep with twice the trials."""
    folder = bench.empty(number, "doubled")
    measured, show = bench.graft("doubled", folder / "home", folder / "results")
    shutil.rmtree(folder)
    return {**measured, "trials": len(show["trials"]), "epochs": record.epochs(show)}


def floor(bench, number):
    """The same work with nothing else: decoding, ONNX Runtime, matrix products, each at its best."""
    bench.result(number, "sweep")
    sizes = ",".join(map(str, SIZES))
    seconds = "1" if bench.small else "5"
    return {
        "decode": {
            "Graft": json.loads(bench.java("DecodeSpeed", bench.data, sizes, CORES)),
            "Pillow": bench.python("decode.py", bench.data, sizes, CORES),
        },
        "models": json.loads(bench.java("ModelSpeed", "mobilenet_v2", bench.weights, sizes, CORES, seconds)),
        "gigaflops": json.loads(bench.java("ProductSpeed", FEATURES, UNITS, BATCH, 24, "2")),
    }


def heads(bench, number):
    """One head and all of a size on stored features, the same epochs; one in stand-alone Deeplearning4j."""
    bench.result(number, "sweep")
    home = bench.folder(number) / "sweep/home"
    measured = {}
    for name in ("one", "all"):
        results = bench.empty(number, f"heads-{name}")
        _, show = bench.graft(f"heads-{name}", home, results)
        groups = record.by_group(show["trials"])
        # The last group: the first one also waits for libraries to load and for Java to compile.
        measured[name] = {
            "heads": len(groups[-1]),
            "seconds": record.span(groups[-1]),
            "seconds_of_first_group": record.span(groups[0]),
            "epochs_each": groups[-1][0]["epochs"],
            "cache_hits": all(group["cache"]["hit"] for group in show["feature_groups"]),
        }
        if not measured[name]["cache_hits"]:
            raise process.Failed("the heads did not find the features of the sweep in its GRAFT_HOME")
        shutil.rmtree(results)
    alone = bench.java("HeadSpeed", bench.work / "heads-one.yaml", home, bench.weights, OMP_WAIT_POLICY="passive")
    measured["alone"] = json.loads(alone.splitlines()[-1])
    return measured


def naive(bench, number):
    """PyTorch as tutorials have it: one epoch of one trial at each size."""
    return bench.python("naive.py", "--data", bench.data, *THREADS, *limit(bench))


def cached(bench, number):
    """PyTorch with features computed once, all heads one after the other."""
    home = bench.folder(number) / "sweep/home"
    bench.result(number, "sweep")
    dump = bench.empty(number, "features")
    bench.java("FeatureDump", bench.work / "sweep.yaml", home, bench.weights, dump)
    small = ["--learning-rates", "0.001,0.002", "--dropouts", "0.2,0.5", "--epochs", "3"] if bench.small else []
    measured = bench.python("cached.py", "--data", bench.data, "--features", dump, *THREADS, *limit(bench), *small)
    shutil.rmtree(dump)
    return measured


def limit(bench):
    return ["--limit", "100"] if bench.small else []


STEPS = {"sweep": sweep, "doubled": doubled, "floor": floor, "heads": heads, "naive": naive, "cached": cached}

if __name__ == "__main__":
    main()
