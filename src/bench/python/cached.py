"""The sweep as somebody writes it who knows the trick: features once per image size, then head after head on them.

The base has random weights, which does not change its speed. With --features the heads train on features of the real
base that Graft stored, so that early stopping ends them where it ends Graft's; the ones computed here are then only timed.
"""

import argparse
import json
import os
from pathlib import Path

import numpy
import torch

from images import Timer, frozen_base, head, loaders


def features_of(base, loader):
    rows, labels = [], []
    with torch.no_grad():
        for pixels, some in loader:
            rows.append(base(pixels))
            labels.append(some)
    return torch.cat(rows), torch.cat(labels)


def stored(folder, size):
    """Reads what FeatureDump wrote."""
    about = json.loads(Path(folder, "features.json").read_text())
    splits = []
    for split in ("train", "validation"):
        rows = numpy.fromfile(Path(folder, f"{size}-{split}.f32"), "<f4").reshape(-1, about["row_length"])
        splits.append((torch.from_numpy(rows), torch.tensor(about[f"{split}_labels"])))
    return splits


def train_head(train, validation, learning_rate, dropout, arguments):
    """Trains one head with early stopping on val_loss and returns its epochs and best validation accuracy."""
    torch.manual_seed(42)
    x, y = train
    classifier = head(dropout, arguments.units, 10)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=learning_rate)
    loss_of = torch.nn.CrossEntropyLoss()
    lowest, waited, best, kept = float("inf"), 0, 0.0, None
    for epoch in range(1, arguments.epochs + 1):
        classifier.train()
        order = torch.randperm(len(x))
        for batch in order.split(arguments.batch):
            optimizer.zero_grad()
            loss_of(classifier(x[batch]), y[batch]).backward()
            optimizer.step()
        classifier.eval()
        with torch.no_grad():
            logits = classifier(validation[0])
            loss = loss_of(logits, validation[1]).item()
            accuracy = (logits.argmax(1) == validation[1]).float().mean().item()
        if accuracy > best:
            best, kept = accuracy, {name: value.clone() for name, value in classifier.state_dict().items()}
        if lowest - loss > arguments.min_delta:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= arguments.patience:
                break
    return epoch, best, kept


def threads_for(train, validation, arguments):
    """Returns how many threads train a head faster, one or all, by an epoch with each: small products gain little."""
    seconds = {}
    for threads in sorted({1, arguments.threads}):
        torch.set_num_threads(threads)
        one = argparse.Namespace(**{**vars(arguments), "epochs": 1})
        train_head(train, validation, 0.001, 0.2, one)
        with Timer() as timer:
            train_head(train, validation, 0.001, 0.2, one)
        seconds[threads] = timer.seconds
    return min(seconds, key=seconds.get)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with train/ and validation/")
    parser.add_argument("--sizes", default="150,224")
    parser.add_argument("--learning-rates", default="0.0003,0.0006,0.001,0.002,0.004,0.01")
    parser.add_argument("--dropouts", default="0.2,0.3,0.4,0.5")
    parser.add_argument("--units", type=int, default=128)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--patience", type=int, default=3)
    parser.add_argument("--min-delta", type=float, default=0.001)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes of the DataLoader")
    parser.add_argument("--features", help="folder that FeatureDump wrote")
    parser.add_argument("--limit", type=int, help="about so many images of each split, to try the script")
    arguments = parser.parse_args()
    sizes, head_threads, choosing = {}, None, 0.0
    for size in map(int, arguments.sizes.split(",")):
        torch.set_num_threads(arguments.threads)
        with Timer() as extraction:
            base = frozen_base()
            loader, validation_loader = loaders(arguments.data, size, arguments.batch, arguments.workers, arguments.limit)
            train, validation = features_of(base, loader), features_of(base, validation_loader)
        if arguments.features:
            train, validation = stored(arguments.features, size)
        if head_threads is None:
            with Timer() as choice:
                head_threads = threads_for(train, validation, arguments)
            choosing = choice.seconds
        with Timer() as training:
            torch.set_num_threads(head_threads)
            epochs, best, trials = 0, 0.0, 0
            for learning_rate in map(float, arguments.learning_rates.split(",")):
                for dropout in map(float, arguments.dropouts.split(",")):
                    ran, accuracy, _ = train_head(train, validation, learning_rate, dropout, arguments)
                    epochs, best, trials = epochs + ran, max(best, accuracy), trials + 1
        sizes[size] = {
            "feature_seconds": extraction.seconds,
            "head_seconds": training.seconds,
            "trials": trials,
            "epochs": epochs,
            "best_val_accuracy": best,
        }
    result = {
        "torch": torch.__version__,
        "threads": arguments.threads,
        "head_threads": head_threads,
        "choosing_threads_seconds": choosing,
        "sizes": sizes,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
